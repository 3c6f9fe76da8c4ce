-- A batch of up to a page stays in its row: outside it would be four more rows and index entries to write and to delete again.
-- The space of sealed batches is written over by the next ones, not given back and taken anew.
alter table metric_tail set (toast_tuple_target = 8160, vacuum_truncate = off, toast.vacuum_truncate = off,
  autovacuum_analyze_threshold = 100000000);
