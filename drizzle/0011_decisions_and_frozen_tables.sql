CREATE TABLE "decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"revision" integer NOT NULL,
	"decision" text NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "decisions_revision" UNIQUE("experiment_id","revision"),
	CONSTRAINT "decisions_decision" CHECK ("decisions"."decision" in ('keep', 'roll_back', 'retrain', 'undecided')),
	CONSTRAINT "decisions_first" CHECK ("decisions"."revision" >= 1)
);
--> statement-breakpoint
CREATE TABLE "frozen_tables" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "frozen_tables_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"title" text NOT NULL,
	"choice" jsonb NOT NULL,
	"document" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "frozen_tables_uid" UNIQUE("uid")
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "frozen_tables" ADD CONSTRAINT "frozen_tables_project_fk" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "frozen_tables_project" ON "frozen_tables" USING btree ("project_id","id");--> statement-breakpoint
create trigger decisions_append_only before update on decisions for each row execute function refuse_change();--> statement-breakpoint
create trigger frozen_tables_never_change before update on frozen_tables for each row execute function refuse_change();
