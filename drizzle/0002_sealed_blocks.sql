CREATE TABLE "metric_seal" (
	"run_id" bigint PRIMARY KEY NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	"rewrites" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "metric_block" ADD COLUMN "axis" integer;--> statement-breakpoint
ALTER TABLE "metric_keys" ADD COLUMN "orientation" text;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "levelled" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "step0" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "step1" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "t0" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "t1" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "first_value" double precision NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "last_value" double precision NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "last_t" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "vmin" double precision;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "vmin_step" bigint;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "vmax" double precision;--> statement-breakpoint
ALTER TABLE "metric_series" ADD COLUMN "vmax_step" bigint;