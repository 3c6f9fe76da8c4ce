CREATE INDEX "jobs_run_id" ON "jobs" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "artifacts_run_id" ON "artifacts" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "uploads_run_id" ON "uploads" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "checkpoints_run_id" ON "checkpoints" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "checkpoints_sha256" ON "checkpoints" USING btree ("workspace_id","sha256");--> statement-breakpoint
CREATE INDEX "notes_run_id" ON "notes" USING btree ("run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "cost_entries_run_id" ON "cost_entries" USING btree ("run_id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "aliases_target" ON "aliases" USING btree ("workspace_id","kind","target_id");