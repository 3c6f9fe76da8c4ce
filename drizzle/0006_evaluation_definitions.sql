CREATE TABLE "item_hashes" (
	"workspace_id" integer NOT NULL,
	"benchmark_id" bigint NOT NULL,
	"item_id" text NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "item_hashes_benchmark_id_item_id_hash_pk" PRIMARY KEY("benchmark_id","item_id","hash")
);
--> statement-breakpoint
CREATE TABLE "training_hashes" (
	"workspace_id" integer NOT NULL,
	"dataset_version_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"row_id" text NOT NULL,
	CONSTRAINT "training_hashes_dataset_version_id_hash_row_id_pk" PRIMARY KEY("dataset_version_id","hash","row_id")
);
--> statement-breakpoint
CREATE TABLE "definition_edits" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "definition_edits_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"benchmark_id" bigint,
	"protocol_id" bigint,
	"field" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"edited_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "definition_edits_of_one" CHECK (("definition_edits"."benchmark_id" is null) <> ("definition_edits"."protocol_id" is null))
);
--> statement-breakpoint
CREATE TABLE "item_lists" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "item_lists_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"benchmark_id" bigint NOT NULL,
	"sha256" text NOT NULL,
	"n" integer NOT NULL,
	"ids" jsonb NOT NULL,
	"trials" jsonb,
	"clusters" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "item_lists_sha256" UNIQUE("benchmark_id","sha256"),
	CONSTRAINT "item_lists_in_workspace" UNIQUE("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "packed_items" (
	"workspace_id" integer NOT NULL,
	"evaluation_id" bigint PRIMARY KEY NOT NULL,
	"list_id" bigint NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "evaluations" DROP CONSTRAINT "evaluations_n";--> statement-breakpoint
ALTER TABLE "evaluations" ALTER COLUMN "n" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "use" text;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "margin" double precision;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "twin_id" bigint;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "default_protocol_id" bigint;--> statement-breakpoint
ALTER TABLE "evaluations" ADD COLUMN "variant" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "evaluations" ADD COLUMN "n_missing" text;--> statement-breakpoint
ALTER TABLE "evaluations" ADD COLUMN "imported_from" jsonb;--> statement-breakpoint
ALTER TABLE "protocols" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "protocols" ADD COLUMN "note" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "item_hashes" ADD CONSTRAINT "item_hashes_benchmark" FOREIGN KEY ("workspace_id","benchmark_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_hashes" ADD CONSTRAINT "training_hashes_version" FOREIGN KEY ("workspace_id","dataset_version_id") REFERENCES "public"."dataset_versions"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "definition_edits" ADD CONSTRAINT "definition_edits_benchmark_fk" FOREIGN KEY ("workspace_id","benchmark_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "definition_edits" ADD CONSTRAINT "definition_edits_protocol_fk" FOREIGN KEY ("workspace_id","protocol_id") REFERENCES "public"."protocols"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "item_lists" ADD CONSTRAINT "item_lists_benchmark" FOREIGN KEY ("workspace_id","benchmark_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "packed_items" ADD CONSTRAINT "packed_items_evaluation" FOREIGN KEY ("workspace_id","evaluation_id") REFERENCES "public"."evaluations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "packed_items" ADD CONSTRAINT "packed_items_list_fk" FOREIGN KEY ("workspace_id","list_id") REFERENCES "public"."item_lists"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "item_hashes_hash" ON "item_hashes" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "definition_edits_benchmark" ON "definition_edits" USING btree ("benchmark_id");--> statement-breakpoint
CREATE INDEX "definition_edits_protocol" ON "definition_edits" USING btree ("protocol_id");--> statement-breakpoint
CREATE INDEX "packed_items_list" ON "packed_items" USING btree ("list_id");--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_twin" FOREIGN KEY ("workspace_id","twin_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_default_protocol" FOREIGN KEY ("workspace_id","default_protocol_id") REFERENCES "public"."protocols"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "evaluations_standing" ON "evaluations" USING btree ("project_id","benchmark_id","checkpoint_id") WHERE status = 'complete' and superseded_by is null;--> statement-breakpoint
CREATE UNIQUE INDEX "evaluations_imported" ON "evaluations" USING btree ("checkpoint_id",(imported_from->>'sha256'),(imported_from->>'record')) WHERE imported_from is not null;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_use" CHECK ("benchmarks"."use" in ('development', 'unseen'));--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_margin" CHECK ("benchmarks"."margin" > 0);--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_twin_other" CHECK ("benchmarks"."twin_id" <> "benchmarks"."id");--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_n" CHECK (case when "evaluations"."n" is null then coalesce("evaluations"."n_missing", '') <> '' else "evaluations"."n" > 0 and "evaluations"."n_missing" is null end);