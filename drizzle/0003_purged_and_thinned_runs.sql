ALTER TABLE "projects" ADD COLUMN "thin_after_days" integer;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_requested_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_started_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_rows" bigint;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_rows_done" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "purge_checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "thinning_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "thinned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "thinned_attempt" integer;--> statement-breakpoint
CREATE INDEX "runs_to_purge" ON "runs" USING btree ("deleted_at") WHERE deleted_at is not null and purge_checked_at is null;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_thin_after_days" CHECK ("projects"."thin_after_days" between 7 and 36500);