CREATE TABLE "comparison_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "comparison_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"comparison_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"experiment_id" bigint,
	"run_id" bigint,
	"checkpoint_id" bigint,
	"is_baseline" boolean DEFAULT false NOT NULL,
	CONSTRAINT "comparison_entries_position" UNIQUE("comparison_id","position"),
	CONSTRAINT "comparison_entries_kind" CHECK ("comparison_entries"."kind" in ('run', 'checkpoint', 'stage')),
	CONSTRAINT "comparison_entries_one" CHECK (("comparison_entries"."kind" = 'stage') = ("comparison_entries"."experiment_id" is not null) and ("comparison_entries"."kind" = 'run') = ("comparison_entries"."run_id" is not null)
        and ("comparison_entries"."kind" = 'checkpoint') = ("comparison_entries"."checkpoint_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "comparisons" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "comparisons_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"title" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"frozen" jsonb,
	"frozen_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "comparisons_uid_unique" UNIQUE("uid"),
	CONSTRAINT "comparisons_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "comparisons_frozen" CHECK (("comparisons"."frozen" is null) = ("comparisons"."frozen_at" is null)),
	CONSTRAINT "comparisons_revision" CHECK ("comparisons"."revision" >= 1)
);
--> statement-breakpoint
ALTER TABLE "comparison_entries" ADD CONSTRAINT "comparison_entries_comparison" FOREIGN KEY ("workspace_id","comparison_id") REFERENCES "public"."comparisons"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_entries" ADD CONSTRAINT "comparison_entries_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_entries" ADD CONSTRAINT "comparison_entries_run_fk" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparison_entries" ADD CONSTRAINT "comparison_entries_checkpoint_fk" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparisons" ADD CONSTRAINT "comparisons_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "comparison_entries_run" ON "comparison_entries" USING btree ("run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "comparison_entries_checkpoint" ON "comparison_entries" USING btree ("checkpoint_id") WHERE checkpoint_id is not null;--> statement-breakpoint
CREATE INDEX "comparisons_newest" ON "comparisons" USING btree ("workspace_id","updated_at");