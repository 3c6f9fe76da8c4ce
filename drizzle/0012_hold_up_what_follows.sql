CREATE TABLE "gate_overrides" (
	"workspace_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"checkpoint_id" bigint NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gate_overrides_experiment_id_checkpoint_id_pk" PRIMARY KEY("experiment_id","checkpoint_id"),
	CONSTRAINT "gate_overrides_reason" CHECK ("gate_overrides"."reason" <> '')
);
--> statement-breakpoint
ALTER TABLE "stage_budgets" ADD COLUMN "holds" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "gate_overrides" ADD CONSTRAINT "gate_overrides_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gate_overrides" ADD CONSTRAINT "gate_overrides_checkpoint_fk" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "gate_overrides_checkpoint" ON "gate_overrides" USING btree ("checkpoint_id");