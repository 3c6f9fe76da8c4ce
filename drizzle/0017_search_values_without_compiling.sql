-- A config may be as deep as it likes, so the planner expects a million values of one run: compiling the statement for them takes a second,
-- running it a millisecond.
alter function write_search_values(bigint[]) set jit = off;
--> statement-breakpoint
alter function drop_search_values(bigint, integer, integer, jsonb, text[]) set jit = off;
--> statement-breakpoint
alter function rebuild_search_values(integer) set jit = off;
