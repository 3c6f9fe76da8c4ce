CREATE TABLE "notes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "notes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"subject" text NOT NULL,
	"place" text NOT NULL,
	"run_id" bigint,
	"experiment_id" bigint,
	"revision" integer NOT NULL,
	"body" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notes_revision" UNIQUE("project_id","place","revision"),
	CONSTRAINT "notes_subject" CHECK ("notes"."subject" in ('run', 'experiment', 'chart', 'cell')),
	CONSTRAINT "notes_run_of_subject" CHECK (("notes"."subject" = 'run') = ("notes"."run_id" is not null)),
	CONSTRAINT "notes_experiment_of_subject" CHECK (("notes"."subject" = 'experiment') = ("notes"."experiment_id" is not null)),
	CONSTRAINT "notes_first" CHECK ("notes"."revision" >= 1)
);
--> statement-breakpoint
CREATE TABLE "last_views" (
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"user_id" bigint NOT NULL,
	"page" text NOT NULL,
	"state" text NOT NULL,
	"view_key" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "last_views_project_id_user_id_page_pk" PRIMARY KEY("project_id","user_id","page"),
	CONSTRAINT "last_views_page_form" CHECK ("last_views"."page" ~ '^[a-z-]{1,40}$')
);
--> statement-breakpoint
CREATE TABLE "views" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "views_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"workspace_id" integer NOT NULL,
	"project_id" integer NOT NULL,
	"page" text NOT NULL,
	"audience" text NOT NULL,
	"name" text,
	"state" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"owner_id" bigint,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "views_key" UNIQUE("project_id","key"),
	CONSTRAINT "views_in_project" UNIQUE("workspace_id","project_id","id"),
	CONSTRAINT "views_page_form" CHECK ("views"."page" ~ '^[a-z-]{1,40}$'),
	CONSTRAINT "views_audience" CHECK ("views"."audience" in ('private', 'shared', 'link')),
	CONSTRAINT "views_named" CHECK (("views"."audience" = 'link') = ("views"."name" is null)),
	CONSTRAINT "views_private_has_owner" CHECK ("views"."audience" <> 'private' or "views"."owner_id" is not null),
	CONSTRAINT "views_revision" CHECK ("views"."revision" >= 1)
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "note" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "is_starred" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_run" FOREIGN KEY ("workspace_id","project_id","run_id") REFERENCES "public"."runs"("workspace_id","project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_experiment" FOREIGN KEY ("workspace_id","project_id","experiment_id") REFERENCES "public"."experiments"("workspace_id","project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "last_views" ADD CONSTRAINT "last_views_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "last_views" ADD CONSTRAINT "last_views_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "views" ADD CONSTRAINT "views_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "views" ADD CONSTRAINT "views_project" FOREIGN KEY ("workspace_id","project_id") REFERENCES "public"."projects"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "views_page" ON "views" USING btree ("project_id","page","audience") WHERE audience <> 'link';