CREATE TABLE "stage_budgets" (
	"workspace_id" integer NOT NULL,
	"experiment_id" bigint PRIMARY KEY NOT NULL,
	"points" double precision,
	"gate" text,
	CONSTRAINT "stage_budgets_points" CHECK ("stage_budgets"."points" >= 0),
	CONSTRAINT "stage_budgets_gate" CHECK ("stage_budgets"."gate" in ('off', 'fail', 'warn'))
);
--> statement-breakpoint
ALTER TABLE "stage_budgets" ADD CONSTRAINT "stage_budgets_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE cascade ON UPDATE no action;