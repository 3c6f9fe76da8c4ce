CREATE TABLE "battles" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "battles_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"name" text NOT NULL,
	"checkpoint_a" bigint,
	"model_a" text,
	"checkpoint_b" bigint,
	"model_b" text,
	"winner" text NOT NULL,
	"prompt" text NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"rater" text NOT NULL,
	"rater_kind" text NOT NULL,
	"judge_prompt" text,
	"first" text,
	"length_a" double precision,
	"length_b" double precision,
	"judged_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "battles_name" UNIQUE("project_id","name"),
	CONSTRAINT "battles_sides" CHECK (("battles"."checkpoint_a" is null) <> ("battles"."model_a" is null) and ("battles"."checkpoint_b" is null) <> ("battles"."model_b" is null)),
	CONSTRAINT "battles_two_models" CHECK ("battles"."checkpoint_a" is distinct from "battles"."checkpoint_b" or "battles"."model_a" is distinct from "battles"."model_b"),
	CONSTRAINT "battles_winner" CHECK ("battles"."winner" in ('a', 'b', 'tie')),
	CONSTRAINT "battles_rater_kind" CHECK ("battles"."rater_kind" in ('person', 'model')),
	CONSTRAINT "battles_first" CHECK ("battles"."first" in ('a', 'b')),
	CONSTRAINT "battles_lengths" CHECK ("battles"."length_a" >= 0 and "battles"."length_b" >= 0)
);
--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_project_fk" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_checkpoint_a_fk" FOREIGN KEY ("workspace_id","checkpoint_a") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_checkpoint_b_fk" FOREIGN KEY ("workspace_id","checkpoint_b") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "battles_project" ON "battles" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "battles_checkpoint_a" ON "battles" USING btree ("checkpoint_a");--> statement-breakpoint
CREATE INDEX "battles_checkpoint_b" ON "battles" USING btree ("checkpoint_b");