CREATE TABLE "agents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "agents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" integer NOT NULL,
	"name" text NOT NULL,
	"public_key" text NOT NULL,
	"queues" text[] NOT NULL,
	"labels" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"recipes" text[] DEFAULT '{}'::text[] NOT NULL,
	"slots" integer DEFAULT 1 NOT NULL,
	"busy" integer DEFAULT 0 NOT NULL,
	"load" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"draining" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "agents_uid_unique" UNIQUE("uid"),
	CONSTRAINT "agents_in_workspace" UNIQUE("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "job_inputs" (
	"workspace_id" integer NOT NULL,
	"job_id" bigint NOT NULL,
	"role" text NOT NULL,
	"experiment_id" bigint NOT NULL,
	"checkpoint_id" bigint,
	CONSTRAINT "job_inputs_job_id_role_pk" PRIMARY KEY("job_id","role"),
	CONSTRAINT "job_inputs_role" CHECK ("job_inputs"."role" in ('parent', 'reference', 'target'))
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "jobs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"queue_id" bigint NOT NULL,
	"pipeline_id" bigint,
	"experiment_id" bigint NOT NULL,
	"run_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"recipe" text NOT NULL,
	"params" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 3 NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	"agent_id" bigint,
	"lease_until" timestamp with time zone,
	"run_after" timestamp with time zone DEFAULT now() NOT NULL,
	"timeout_s" integer DEFAULT 86400 NOT NULL,
	"progress_step" bigint,
	"progress_total" bigint,
	"reason" text DEFAULT '' NOT NULL,
	"exit_code" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "jobs_uid_unique" UNIQUE("uid"),
	CONSTRAINT "jobs_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "jobs_state" CHECK ("jobs"."state" in ('waiting', 'queued', 'leased', 'running', 'canceling', 'finished', 'failed', 'canceled')),
	CONSTRAINT "jobs_kind" CHECK ("jobs"."kind" in ('train', 'evaluate')),
	CONSTRAINT "jobs_attempts" CHECK ("jobs"."attempt" >= 0 and "jobs"."max_attempts" >= 1)
);
--> statement-breakpoint
CREATE TABLE "pipelines" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "pipelines_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"name" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pipelines_uid_unique" UNIQUE("uid"),
	CONSTRAINT "pipelines_in_workspace" UNIQUE("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "queues_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"name" text NOT NULL,
	"lease_s" integer DEFAULT 60 NOT NULL,
	"paused_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "queues_name" UNIQUE("workspace_id","name"),
	CONSTRAINT "queues_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "queues_lease" CHECK ("queues"."lease_s" between 2 and 3600)
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "artifacts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"run_id" bigint NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"key" text,
	"step" bigint,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "artifacts_uid_unique" UNIQUE("uid")
);
--> statement-breakpoint
CREATE TABLE "blobs" (
	"workspace_id" integer NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "blobs_workspace_id_sha256_pk" PRIMARY KEY("workspace_id","sha256"),
	CONSTRAINT "blobs_sha256" CHECK ("blobs"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "upload_parts" (
	"upload_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"size_bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "upload_parts_upload_id_n_pk" PRIMARY KEY("upload_id","n"),
	CONSTRAINT "upload_parts_n" CHECK ("upload_parts"."n" >= 1)
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "uploads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"run_id" bigint NOT NULL,
	"artifact_uid" uuid NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"part_size" bigint NOT NULL,
	"key" text,
	"step" bigint,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "uploads_uid_unique" UNIQUE("uid")
);
--> statement-breakpoint
CREATE TABLE "access_tokens" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "access_tokens_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"public_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"kind" text NOT NULL,
	"agent_id" bigint,
	"job_id" bigint,
	"attempt" integer,
	"fence" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "access_tokens_public_id_unique" UNIQUE("public_id"),
	CONSTRAINT "access_tokens_kind" CHECK (("access_tokens"."kind" = 'agent' and "access_tokens"."agent_id" is not null) or ("access_tokens"."kind" = 'job' and "access_tokens"."job_id" is not null and "access_tokens"."attempt" is not null and "access_tokens"."fence" is not null))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"project_id" integer,
	"public_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"last_four" text NOT NULL,
	"scope" text NOT NULL,
	"name" text NOT NULL,
	"created_by" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"replaced_by" bigint,
	CONSTRAINT "api_keys_public_id_unique" UNIQUE("public_id"),
	CONSTRAINT "api_keys_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "api_keys_scope" CHECK ("api_keys"."scope" in ('ingest', 'read', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"request_id" text,
	"address_prefix" text,
	"action" text NOT NULL,
	"resource" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_records" (
	"owner" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"status" integer,
	"answer" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_records_key" UNIQUE("owner","route","key")
);
--> statement-breakpoint
CREATE TABLE "instance" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"uid" uuid DEFAULT gen_random_uuid() NOT NULL,
	"setup_completed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "instance_one_row" CHECK ("instance"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "registration_tokens" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "registration_tokens_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"public_id" text NOT NULL,
	"secret_hash" text NOT NULL,
	"last_four" text NOT NULL,
	"queues" text[] NOT NULL,
	"created_by" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "registration_tokens_public_id_unique" UNIQUE("public_id")
);
--> statement-breakpoint
CREATE TABLE "server_holder" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"pid" integer NOT NULL,
	"host" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	CONSTRAINT "server_holder_one_row" CHECK ("server_holder"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sessions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"token_hash" text NOT NULL,
	"user_id" bigint NOT NULL,
	"method" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"address_prefix" text,
	"user_agent" text,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "sessions_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sign_in_links_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"token_hash" text NOT NULL,
	"user_id" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "sign_in_links_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"is_instance_admin" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_uid_unique" UNIQUE("uid"),
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_name_not_blank" CHECK (length(btrim("users"."name")) between 1 and 200)
);
--> statement-breakpoint
CREATE TABLE "checkpoint_files" (
	"workspace_id" integer NOT NULL,
	"checkpoint_id" bigint NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	CONSTRAINT "checkpoint_files_checkpoint_id_name_pk" PRIMARY KEY("checkpoint_id","name")
);
--> statement-breakpoint
CREATE TABLE "checkpoint_metrics" (
	"checkpoint_id" bigint NOT NULL,
	"metric_id" integer NOT NULL,
	"value" double precision,
	CONSTRAINT "checkpoint_metrics_checkpoint_id_metric_id_pk" PRIMARY KEY("checkpoint_id","metric_id")
);
--> statement-breakpoint
CREATE TABLE "checkpoints" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "checkpoints_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"run_id" bigint,
	"attempt" integer,
	"step" bigint DEFAULT 0 NOT NULL,
	"tokens" bigint,
	"location" text,
	"sha256" text,
	"size_bytes" bigint DEFAULT 0 NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "checkpoints_uid_unique" UNIQUE("uid"),
	CONSTRAINT "checkpoints_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "checkpoints_counts" CHECK ("checkpoints"."step" >= 0 and ("checkpoints"."tokens" is null or ("checkpoints"."tokens" >= 0 and "checkpoints"."tokens" < 9007199254740992))),
	CONSTRAINT "checkpoints_origin" CHECK (("checkpoints"."run_id" is null) = ("checkpoints"."attempt" is null) and ("checkpoints"."run_id" is not null or "checkpoints"."location" is not null))
);
--> statement-breakpoint
CREATE TABLE "dataset_splits" (
	"workspace_id" integer NOT NULL,
	"dataset_version_id" bigint NOT NULL,
	"name" text NOT NULL,
	"native_count" bigint,
	"tokens" bigint,
	"sha256" text,
	CONSTRAINT "dataset_splits_dataset_version_id_name_pk" PRIMARY KEY("dataset_version_id","name"),
	CONSTRAINT "dataset_splits_counts" CHECK ("dataset_splits"."native_count" >= 0 and "dataset_splits"."tokens" >= 0)
);
--> statement-breakpoint
CREATE TABLE "dataset_versions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dataset_versions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"dataset_id" bigint NOT NULL,
	"version" text NOT NULL,
	"sha256" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dataset_versions_version" UNIQUE("dataset_id","version"),
	CONSTRAINT "dataset_versions_in_workspace" UNIQUE("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "datasets" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "datasets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"license" text,
	"native_unit" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "datasets_slug" UNIQUE("workspace_id","slug"),
	CONSTRAINT "datasets_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "datasets_slug_form" CHECK ("datasets"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$')
);
--> statement-breakpoint
CREATE TABLE "benchmarks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "benchmarks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"category" text NOT NULL,
	"kind" text NOT NULL,
	"orientation" smallint NOT NULL,
	"chance" double precision,
	"best" double precision,
	"unit" text,
	"description" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "benchmarks_slug" UNIQUE("workspace_id","slug"),
	CONSTRAINT "benchmarks_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "benchmarks_slug_form" CHECK ("benchmarks"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
	CONSTRAINT "benchmarks_orientation" CHECK ("benchmarks"."orientation" in (1, -1)),
	CONSTRAINT "benchmarks_kind" CHECK ("benchmarks"."kind" in ('accuracy', 'rate', 'loss', 'elo', 'other'))
);
--> statement-breakpoint
CREATE TABLE "evaluation_items" (
	"workspace_id" integer NOT NULL,
	"evaluation_id" bigint NOT NULL,
	"part" integer NOT NULL,
	"n" integer NOT NULL,
	"items" jsonb NOT NULL,
	CONSTRAINT "evaluation_items_evaluation_id_part_pk" PRIMARY KEY("evaluation_id","part"),
	CONSTRAINT "evaluation_items_n" CHECK ("evaluation_items"."n" between 1 and 10000 and "evaluation_items"."part" >= 1)
);
--> statement-breakpoint
CREATE TABLE "evaluations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "evaluations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid DEFAULT gen_random_uuid() NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"checkpoint_id" bigint NOT NULL,
	"benchmark_id" bigint NOT NULL,
	"protocol_id" bigint NOT NULL,
	"soft" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"metric" text NOT NULL,
	"seed" text DEFAULT '' NOT NULL,
	"score" double precision NOT NULL,
	"scale" integer DEFAULT 1 NOT NULL,
	"stderr" double precision,
	"n" integer NOT NULL,
	"n_clusters" integer,
	"source" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'complete' NOT NULL,
	"n_items" integer DEFAULT 0 NOT NULL,
	"measured_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp with time zone,
	"superseded_by" bigint,
	CONSTRAINT "evaluations_uid_unique" UNIQUE("uid"),
	CONSTRAINT "evaluations_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "evaluations_n" CHECK ("evaluations"."n" > 0),
	CONSTRAINT "evaluations_scale" CHECK ("evaluations"."scale" in (1, 100)),
	CONSTRAINT "evaluations_stderr" CHECK ("evaluations"."stderr" is null or "evaluations"."stderr" >= 0),
	CONSTRAINT "evaluations_status" CHECK ("evaluations"."status" in ('open', 'complete'))
);
--> statement-breakpoint
CREATE TABLE "protocols" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "protocols_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"fingerprint" text NOT NULL,
	"fields" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "protocols_fingerprint" UNIQUE("workspace_id","fingerprint"),
	CONSTRAINT "protocols_in_workspace" UNIQUE("workspace_id","id")
);
--> statement-breakpoint
CREATE TABLE "experiments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "experiments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"number" integer NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"stage_kind" text NOT NULL,
	"is_unstaged" boolean DEFAULT false NOT NULL,
	"method" text,
	"goal" text,
	"purpose" text DEFAULT '' NOT NULL,
	"objective" text,
	"loss_mask" text,
	"parallelism" jsonb,
	"precision" jsonb,
	"plan" jsonb,
	"adapter" jsonb,
	"params" bigint,
	"root_kind" text,
	"root" jsonb,
	"pinned_checkpoint_id" bigint,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "experiments_number" UNIQUE("project_id","number"),
	CONSTRAINT "experiments_slug" UNIQUE("project_id","slug"),
	CONSTRAINT "experiments_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "experiments_in_project" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "experiments_slug_form" CHECK ("experiments"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
	CONSTRAINT "experiments_stage_kind" CHECK ("experiments"."stage_kind" in ('external_base', 'pretrain', 'continued_pretrain', 'instruction', 'domain', 'task', 'preference', 'rl_verifiable', 'merge', 'prompt_only')),
	CONSTRAINT "experiments_goal" CHECK ("experiments"."goal" in ('task', 'domain', 'behaviour', 'style', 'format')),
	CONSTRAINT "experiments_loss_mask" CHECK ("experiments"."loss_mask" in ('all', 'response')),
	CONSTRAINT "experiments_root_kind" CHECK ("experiments"."root_kind" in ('random_init', 'external_base', 'api_model')),
	CONSTRAINT "experiments_params" CHECK ("experiments"."params" > 0 and "experiments"."params" < 9007199254740992)
);
--> statement-breakpoint
CREATE TABLE "mixture_sources" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mixture_sources_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"source" text NOT NULL,
	"role" text DEFAULT 'other' NOT NULL,
	"native_unit" text,
	"native_count" bigint,
	"tokens" bigint,
	"share" numeric(9, 6) NOT NULL,
	"dataset_version_id" bigint,
	CONSTRAINT "mixture_sources_position" UNIQUE("experiment_id","position"),
	CONSTRAINT "mixture_sources_share" CHECK ("mixture_sources"."share" >= 0 and "mixture_sources"."share" <= 1),
	CONSTRAINT "mixture_sources_counts" CHECK ("mixture_sources"."tokens" >= 0 and "mixture_sources"."tokens" < 9007199254740992 and "mixture_sources"."native_count" >= 0)
);
--> statement-breakpoint
CREATE TABLE "edges" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "edges_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"child_id" bigint NOT NULL,
	"parent_id" bigint NOT NULL,
	"checkpoint_id" bigint,
	"kind" text NOT NULL,
	"weight" numeric(9, 6),
	"note" text DEFAULT '' NOT NULL,
	"inferred" boolean DEFAULT false NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"superseded_at" timestamp with time zone,
	CONSTRAINT "edges_kind" CHECK ("edges"."kind" in ('init', 'adapter_on', 'merge', 'teacher', 'generator', 'judge', 'reference', 'reward_model', 'tokenizer', 'data')),
	CONSTRAINT "edges_not_self" CHECK ("edges"."child_id" <> "edges"."parent_id"),
	CONSTRAINT "edges_weight" CHECK ("edges"."weight" is null or ("edges"."kind" = 'merge' and "edges"."weight" between -10 and 10))
);
--> statement-breakpoint
CREATE TABLE "console_chunk" (
	"run_id" bigint NOT NULL,
	"stream" integer NOT NULL,
	"seq" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"first_line" bigint NOT NULL,
	"n_lines" integer NOT NULL,
	"t0" bigint NOT NULL,
	"t1" bigint NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "console_chunk_run_id_stream_seq_pk" PRIMARY KEY("run_id","stream","seq")
);
--> statement-breakpoint
CREATE TABLE "metric_attempt" (
	"run_id" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"first_step" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "metric_attempt_run_id_attempt_pk" PRIMARY KEY("run_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "metric_block" (
	"run_id" bigint NOT NULL,
	"metric_id" integer NOT NULL,
	"attempt" integer NOT NULL,
	"level" smallint NOT NULL,
	"no" integer NOT NULL,
	"n" integer NOT NULL,
	"step0" bigint NOT NULL,
	"step1" bigint NOT NULL,
	"t0" bigint NOT NULL,
	"t1" bigint NOT NULL,
	"flags" smallint NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "metric_block_run_id_metric_id_attempt_level_no_pk" PRIMARY KEY("run_id","metric_id","attempt","level","no")
);
--> statement-breakpoint
CREATE TABLE "metric_keys" (
	"workspace_id" integer NOT NULL,
	"id" integer NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "metric_keys_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "metric_keys_name" UNIQUE("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "metric_latest" (
	"run_id" bigint NOT NULL,
	"metric_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"step" bigint,
	"t" bigint,
	"value" double precision,
	"first_step" bigint,
	"first_value" double precision,
	"vmin" double precision,
	"vmin_step" bigint,
	"vmax" double precision,
	"vmax_step" bigint,
	"n" bigint NOT NULL,
	CONSTRAINT "metric_latest_run_id_metric_id_pk" PRIMARY KEY("run_id","metric_id")
);
--> statement-breakpoint
CREATE TABLE "metric_run" (
	"run_id" bigint PRIMARY KEY NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"state" smallint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "metric_series" (
	"run_id" bigint NOT NULL,
	"metric_id" integer NOT NULL,
	"attempt" integer NOT NULL,
	"n" bigint NOT NULL,
	"blocks" integer NOT NULL,
	CONSTRAINT "metric_series_run_id_metric_id_attempt_pk" PRIMARY KEY("run_id","metric_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "metric_stream" (
	"run_id" bigint NOT NULL,
	"stream" integer NOT NULL,
	"client_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"last_seq" bigint,
	"sealed" "int8multirange" DEFAULT '{}'::int8multirange NOT NULL,
	CONSTRAINT "metric_stream_run_id_stream_pk" PRIMARY KEY("run_id","stream"),
	CONSTRAINT "metric_stream_client" UNIQUE("run_id","client_id")
);
--> statement-breakpoint
CREATE TABLE "metric_tail" (
	"run_id" bigint NOT NULL,
	"stream" integer NOT NULL,
	"seq" bigint NOT NULL,
	"n_points" integer NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "metric_tail_run_id_stream_seq_pk" PRIMARY KEY("run_id","stream","seq")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "projects_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"recorded" boolean DEFAULT false NOT NULL,
	"next_experiment" integer DEFAULT 1 NOT NULL,
	"next_run" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "projects_slug" UNIQUE("workspace_id","slug"),
	CONSTRAINT "projects_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "projects_slug_form" CHECK ("projects"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$')
);
--> statement-breakpoint
CREATE TABLE "allocations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "allocations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"run_id" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"device_kind" text NOT NULL,
	"device_name" text NOT NULL,
	"count" integer NOT NULL,
	"device_uuids" text[] DEFAULT '{}'::text[] NOT NULL,
	"agent_id" bigint,
	"provider" text,
	"region" text,
	"commitment" text,
	"measured" boolean DEFAULT true NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "allocations_device_kind" CHECK ("allocations"."device_kind" in ('gpu', 'cpu')),
	CONSTRAINT "allocations_count" CHECK ("allocations"."count" > 0),
	CONSTRAINT "allocations_order" CHECK ("allocations"."ended_at" is null or "allocations"."ended_at" >= "allocations"."started_at")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"workspace_id" integer NOT NULL,
	"run_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"first_step" bigint DEFAULT 0 NOT NULL,
	"from_checkpoint_id" bigint,
	"host" text,
	"agent_id" bigint,
	"job_id" bigint,
	"fence" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	"exit_code" integer,
	"error" text,
	CONSTRAINT "attempts_run_id_number_pk" PRIMARY KEY("run_id","number"),
	CONSTRAINT "attempts_end_reason" CHECK ("attempts"."end_reason" in ('finished', 'failed', 'stopped', 'killed', 'preempted', 'lost', 'timeout')),
	CONSTRAINT "attempts_number" CHECK ("attempts"."number" >= 1 and "attempts"."first_step" >= 0)
);
--> statement-breakpoint
CREATE TABLE "run_inputs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "run_inputs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"run_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"version" text DEFAULT '' NOT NULL,
	"sha256" text,
	"role" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_inputs_name" UNIQUE("run_id","kind","name","version"),
	CONSTRAINT "run_inputs_kind" CHECK ("run_inputs"."kind" in ('dataset', 'tokenizer', 'artifact', 'checkpoint'))
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"kind" text DEFAULT 'train' NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"environment" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"seed" bigint,
	"run_group" text,
	"tags" text[] DEFAULT '{}'::text[] NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"last_step" bigint,
	"total_steps" bigint,
	"tokens" bigint,
	"created_by" text NOT NULL,
	"created_by_key" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"last_contact_at" timestamp with time zone,
	"stop_requested_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "runs_uid_unique" UNIQUE("uid"),
	CONSTRAINT "runs_number" UNIQUE("project_id","number"),
	CONSTRAINT "runs_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "runs_in_project" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "runs_state" CHECK ("runs"."state" in ('queued', 'running', 'lost', 'finished', 'failed', 'stopped', 'preempted')),
	CONSTRAINT "runs_kind" CHECK ("runs"."kind" in ('train', 'evaluate')),
	CONSTRAINT "runs_counts" CHECK ("runs"."last_step" >= 0 and "runs"."tokens" >= 0 and "runs"."tokens" < 9007199254740992)
);
--> statement-breakpoint
CREATE TABLE "experiment_benchmarks" (
	"workspace_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"benchmark_id" bigint NOT NULL,
	"role" text,
	"tolerance" double precision,
	CONSTRAINT "experiment_benchmarks_experiment_id_benchmark_id_pk" PRIMARY KEY("experiment_id","benchmark_id"),
	CONSTRAINT "experiment_benchmarks_role" CHECK ("experiment_benchmarks"."role" in ('target', 'retention', 'safety')),
	CONSTRAINT "experiment_benchmarks_tolerance" CHECK ("experiment_benchmarks"."tolerance" >= 0)
);
--> statement-breakpoint
CREATE TABLE "aliases" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "aliases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"kind" text NOT NULL,
	"project" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"target_id" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "aliases_name" UNIQUE("workspace_id","kind","project","name"),
	CONSTRAINT "aliases_kind" CHECK ("aliases"."kind" in ('workspace', 'project', 'experiment', 'run'))
);
--> statement-breakpoint
CREATE TABLE "members" (
	"workspace_id" integer NOT NULL,
	"user_id" bigint NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_workspace_id_user_id_pk" PRIMARY KEY("workspace_id","user_id"),
	CONSTRAINT "members_role" CHECK ("members"."role" in ('owner', 'admin', 'editor', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "workspaces_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workspaces_slug_unique" UNIQUE("slug"),
	CONSTRAINT "workspaces_slug" CHECK ("workspaces"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$')
);
--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_inputs" ADD CONSTRAINT "job_inputs_job" FOREIGN KEY ("workspace_id","job_id") REFERENCES "public"."jobs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_inputs" ADD CONSTRAINT "job_inputs_experiment_fk" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_inputs" ADD CONSTRAINT "job_inputs_checkpoint" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_queue" FOREIGN KEY ("workspace_id","queue_id") REFERENCES "public"."queues"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_pipeline_fk" FOREIGN KEY ("workspace_id","pipeline_id") REFERENCES "public"."pipelines"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_experiment_fk" FOREIGN KEY ("workspace_id","project_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_run" FOREIGN KEY ("workspace_id","project_id","run_id") REFERENCES "public"."runs"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_agent" FOREIGN KEY ("workspace_id","agent_id") REFERENCES "public"."agents"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pipelines" ADD CONSTRAINT "pipelines_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run" FOREIGN KEY ("workspace_id","project_id","run_id") REFERENCES "public"."runs"("workspace_id","project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_blob" FOREIGN KEY ("workspace_id","sha256") REFERENCES "public"."blobs"("workspace_id","sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_parts" ADD CONSTRAINT "upload_parts_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_run" FOREIGN KEY ("workspace_id","project_id","run_id") REFERENCES "public"."runs"("workspace_id","project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration_tokens" ADD CONSTRAINT "registration_tokens_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registration_tokens" ADD CONSTRAINT "registration_tokens_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint_files" ADD CONSTRAINT "checkpoint_files_checkpoint" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint_metrics" ADD CONSTRAINT "checkpoint_metrics_checkpoint_id_checkpoints_id_fk" FOREIGN KEY ("checkpoint_id") REFERENCES "public"."checkpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_experiment_fk" FOREIGN KEY ("workspace_id","project_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoints" ADD CONSTRAINT "checkpoints_run" FOREIGN KEY ("workspace_id","project_id","run_id") REFERENCES "public"."runs"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_splits" ADD CONSTRAINT "dataset_splits_version" FOREIGN KEY ("workspace_id","dataset_version_id") REFERENCES "public"."dataset_versions"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_dataset" FOREIGN KEY ("workspace_id","dataset_id") REFERENCES "public"."datasets"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "benchmarks" ADD CONSTRAINT "benchmarks_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation_items" ADD CONSTRAINT "evaluation_items_evaluation" FOREIGN KEY ("workspace_id","evaluation_id") REFERENCES "public"."evaluations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_checkpoint_fk" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_benchmark" FOREIGN KEY ("workspace_id","benchmark_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_protocol" FOREIGN KEY ("workspace_id","protocol_id") REFERENCES "public"."protocols"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "protocols" ADD CONSTRAINT "protocols_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mixture_sources" ADD CONSTRAINT "mixture_sources_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mixture_sources" ADD CONSTRAINT "mixture_sources_dataset" FOREIGN KEY ("workspace_id","dataset_version_id") REFERENCES "public"."dataset_versions"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edges" ADD CONSTRAINT "edges_child" FOREIGN KEY ("workspace_id","child_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edges" ADD CONSTRAINT "edges_parent_fk" FOREIGN KEY ("workspace_id","parent_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "edges" ADD CONSTRAINT "edges_checkpoint" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "metric_keys" ADD CONSTRAINT "metric_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_workspace" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_attempt" FOREIGN KEY ("run_id","attempt") REFERENCES "public"."attempts"("run_id","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_run_fk" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_inputs" ADD CONSTRAINT "run_inputs_run" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."runs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_experiment_fk" FOREIGN KEY ("workspace_id","project_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiment_benchmarks" ADD CONSTRAINT "experiment_benchmarks_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiment_benchmarks" ADD CONSTRAINT "experiment_benchmarks_benchmark_fk" FOREIGN KEY ("workspace_id","benchmark_id") REFERENCES "public"."benchmarks"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "aliases" ADD CONSTRAINT "aliases_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "job_inputs_experiment" ON "job_inputs" USING btree ("experiment_id");--> statement-breakpoint
CREATE INDEX "jobs_claim" ON "jobs" USING btree ("queue_id","priority" DESC NULLS LAST,"id") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "jobs_leases" ON "jobs" USING btree ("lease_until") WHERE state in ('leased', 'running', 'canceling');--> statement-breakpoint
CREATE INDEX "jobs_experiment" ON "jobs" USING btree ("experiment_id");--> statement-breakpoint
CREATE INDEX "jobs_pipeline" ON "jobs" USING btree ("pipeline_id");--> statement-breakpoint
CREATE UNIQUE INDEX "artifacts_content" ON "artifacts" USING btree ("run_id","name","sha256") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "artifacts_sha256" ON "artifacts" USING btree ("workspace_id","sha256");--> statement-breakpoint
CREATE INDEX "uploads_age" ON "uploads" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "access_tokens_job" ON "access_tokens" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "audit_log_workspace" ON "audit_log" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_records_age" ON "idempotency_records" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "checkpoint_files_sha256" ON "checkpoint_files" USING btree ("sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "checkpoints_step" ON "checkpoints" USING btree ("run_id","attempt","step") WHERE deleted_at is null and run_id is not null;--> statement-breakpoint
CREATE INDEX "checkpoints_experiment" ON "checkpoints" USING btree ("experiment_id");--> statement-breakpoint
CREATE INDEX "evaluations_checkpoint" ON "evaluations" USING btree ("checkpoint_id","benchmark_id");--> statement-breakpoint
CREATE INDEX "evaluations_project" ON "evaluations" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "edges_live" ON "edges" USING btree ("child_id","parent_id","kind") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "edges_parent" ON "edges" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "console_chunk_lines" ON "console_chunk" USING btree ("run_id","first_line");--> statement-breakpoint
CREATE INDEX "metric_latest_project" ON "metric_latest" USING btree ("project_id","metric_id","run_id");--> statement-breakpoint
CREATE INDEX "allocations_run" ON "allocations" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "runs_experiment" ON "runs" USING btree ("experiment_id");--> statement-breakpoint
CREATE INDEX "runs_open" ON "runs" USING btree ("last_contact_at") WHERE state in ('queued', 'running', 'lost');--> statement-breakpoint
CREATE INDEX "experiment_benchmarks_benchmark" ON "experiment_benchmarks" USING btree ("benchmark_id");--> statement-breakpoint
CREATE INDEX "members_user" ON "members" USING btree ("user_id");