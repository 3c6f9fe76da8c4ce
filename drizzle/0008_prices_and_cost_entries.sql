CREATE TABLE "cost_entries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "cost_entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"experiment_id" bigint NOT NULL,
	"run_id" bigint,
	"kind" text NOT NULL,
	"quantity" numeric,
	"unit" text,
	"per_unit" numeric,
	"amount" numeric NOT NULL,
	"currency" text NOT NULL,
	"on_day" date NOT NULL,
	"assumed" boolean NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"superseded_by" bigint,
	CONSTRAINT "cost_entries_uid_unique" UNIQUE("uid"),
	CONSTRAINT "cost_entries_in_workspace" UNIQUE("workspace_id","id"),
	CONSTRAINT "cost_entries_kind" CHECK ("cost_entries"."kind" in ('api_tokens', 'labels', 'storage', 'egress', 'people', 'other')),
	CONSTRAINT "cost_entries_currency" CHECK ("cost_entries"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "cost_entries_amounts" CHECK ("cost_entries"."amount" >= 0 and "cost_entries"."quantity" >= 0 and "cost_entries"."per_unit" >= 0)
);
--> statement-breakpoint
CREATE TABLE "currency_rates" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "currency_rates_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"book" text NOT NULL,
	"from_currency" text NOT NULL,
	"to_currency" text NOT NULL,
	"rate" numeric NOT NULL,
	"on_day" date NOT NULL,
	"source" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "currency_rates_uid_unique" UNIQUE("uid"),
	CONSTRAINT "currency_rates_book_form" CHECK ("currency_rates"."book" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
	CONSTRAINT "currency_rates_pair" CHECK ("currency_rates"."from_currency" ~ '^[A-Z]{3}$' and "currency_rates"."to_currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "currency_rates_differ" CHECK ("currency_rates"."from_currency" <> "currency_rates"."to_currency" and "currency_rates"."rate" > 0)
);
--> statement-breakpoint
CREATE TABLE "priced_records" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "priced_records_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"subject" text NOT NULL,
	"run" integer,
	"experiment_id" bigint,
	"book" text NOT NULL,
	"as_of" timestamp with time zone NOT NULL,
	"total" jsonb NOT NULL,
	"sources" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "priced_records_uid_unique" UNIQUE("uid"),
	CONSTRAINT "priced_records_subject" CHECK ("priced_records"."subject" in ('run', 'stage', 'lineage', 'project')),
	CONSTRAINT "priced_records_named" CHECK (("priced_records"."subject" = 'run') = ("priced_records"."run" is not null) and ("priced_records"."subject" = 'project') = ("priced_records"."experiment_id" is null))
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "prices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uid" uuid NOT NULL,
	"workspace_id" integer NOT NULL,
	"book" text NOT NULL,
	"device" text NOT NULL,
	"provider" text,
	"region" text,
	"commitment" text,
	"currency" text NOT NULL,
	"low" numeric,
	"typical" numeric,
	"high" numeric,
	"paid" numeric,
	"assumed" boolean NOT NULL,
	"source" text NOT NULL,
	"priced_on" date,
	"valid_from" date,
	"valid_to" date,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prices_uid_unique" UNIQUE("uid"),
	CONSTRAINT "prices_book_form" CHECK ("prices"."book" ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
	CONSTRAINT "prices_currency" CHECK ("prices"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "prices_given" CHECK ("prices"."typical" is not null or "prices"."paid" is not null),
	CONSTRAINT "prices_amounts" CHECK ("prices"."low" >= 0 and "prices"."typical" >= 0 and "prices"."high" >= 0 and "prices"."paid" >= 0),
	CONSTRAINT "prices_validity" CHECK ("prices"."valid_to" > "prices"."valid_from")
);
--> statement-breakpoint
ALTER TABLE "cost_entries" ADD CONSTRAINT "cost_entries_experiment_fk" FOREIGN KEY ("workspace_id","project_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_entries" ADD CONSTRAINT "cost_entries_run" FOREIGN KEY ("workspace_id","project_id","run_id") REFERENCES "public"."runs"("workspace_id","project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_entries" ADD CONSTRAINT "cost_entries_successor" FOREIGN KEY ("workspace_id","superseded_by") REFERENCES "public"."cost_entries"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "currency_rates" ADD CONSTRAINT "currency_rates_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "priced_records" ADD CONSTRAINT "priced_records_project_fk" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "priced_records" ADD CONSTRAINT "priced_records_experiment" FOREIGN KEY ("workspace_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cost_entries_experiment" ON "cost_entries" USING btree ("experiment_id");--> statement-breakpoint
CREATE INDEX "currency_rates_book" ON "currency_rates" USING btree ("workspace_id","book");--> statement-breakpoint
CREATE INDEX "priced_records_project" ON "priced_records" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "prices_book" ON "prices" USING btree ("workspace_id","book");--> statement-breakpoint
-- A price, a rate or a total that was reckoned once is never changed: what came later is a row of its own.
create trigger prices_append_only before update on prices for each row execute function refuse_change();--> statement-breakpoint
create trigger currency_rates_append_only before update on currency_rates for each row execute function refuse_change();--> statement-breakpoint
create trigger priced_records_append_only before update on priced_records for each row execute function refuse_change();
