ALTER TABLE "benchmarks" ADD COLUMN "gain" text;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "valid_until" date;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "domain" text;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "facet" text;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "part" text;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD COLUMN "pair_id" bigint;--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "owner" text;--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "team" text;--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "mitigations" jsonb;--> statement-breakpoint
ALTER TABLE "experiments" ADD COLUMN "chat_template" text;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_pair" FOREIGN KEY ("workspace_id","pair_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_pair_once" UNIQUE("pair_id");--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_gain" CHECK ("benchmarks"."gain" in ('surface', 'knowledge'));--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_facet" CHECK ("benchmarks"."facet" in ('terminology', 'patterns', 'reasoning', 'facts'));--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_facet_of_domain" CHECK ("benchmarks"."facet" is null or "benchmarks"."domain" is not null);--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_part" CHECK ("benchmarks"."part" in ('form', 'content', 'process', 'answer'));--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_part_of_pair" CHECK (("benchmarks"."part" is null) = ("benchmarks"."pair_id" is null));--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_pair_other" CHECK ("benchmarks"."pair_id" <> "benchmarks"."id");