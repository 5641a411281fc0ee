-- The chart: Patient <- Coverage, Patient <- Episode <- Visit <- Measurement / Document; Episode <- Goal.
create extension if not exists btree_gist with schema public;

create table chart.patient (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  given_name text not null check (length(given_name) between 1 and 100),
  family_name text not null check (length(family_name) between 1 and 100),
  birth_date date not null,
  sex text not null check (sex in ('female', 'male', 'other', 'unknown')),
  phone text,
  email text,
  language text not null check (language in ('en', 'es')),
  mrn text not null,
  -- What the search box looks at: lower case without accents, compared bytewise. Plain comparison is leakproof, so the index works
  -- under row-level security; ILIKE would read every row.
  given_key text collate "C" not null,
  family_key text collate "C" not null,
  phone_key text collate "C" not null,
  created_at timestamptz not null,
  unique (organization_id, mrn)
);
create index patient_by_family on chart.patient (organization_id, family_key, given_key, id);
create index patient_by_given on chart.patient (organization_id, given_key, id);
create index patient_by_phone on chart.patient (organization_id, phone_key);
create index patient_by_birth_date on chart.patient (organization_id, birth_date);

create table chart.coverage (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  patient_id uuid not null references chart.patient (id),
  payer_id text not null,
  payer_name text not null,
  member_id text not null,
  group_number text,
  rank integer not null check (rank between 1 and 5),
  status text not null check (status in ('unverified', 'active', 'inactive', 'unknown')),
  benefits jsonb,
  verified_at timestamptz
);
create index coverage_by_patient on chart.coverage (organization_id, patient_id);

create table chart.episode (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  patient_id uuid not null references chart.patient (id),
  state text not null check (state in ('referred', 'evaluated', 'active', 'on-hold', 'discharged')),
  body_region text not null,
  side text not null check (side in ('left', 'right', 'bilateral', 'none')),
  diagnoses jsonb not null,
  onset_date date,
  referred_by text,
  referral_date date,
  coverage_id uuid references chart.coverage (id),
  plan jsonb,
  authorization_number text,
  authorized_visits integer check (authorized_visits > 0),
  authorized_to date,
  discharged_at timestamptz,
  opened_at timestamptz not null
);
create index episode_by_patient on chart.episode (organization_id, patient_id);

create table chart.visit (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  patient_id uuid not null references chart.patient (id),
  episode_id uuid not null references chart.episode (id),
  kind text not null check (kind in ('evaluation', 'treatment', 're-evaluation', 'discharge')),
  state text not null check (state in ('booked', 'confirmed', 'arrived', 'in-treatment', 'completed', 'cancelled', 'no-show')),
  location_id uuid not null references kernel.location (id),
  room_id uuid not null references kernel.room (id),
  clinician_id uuid not null references kernel.staff (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  services jsonb not null default '[]',
  performed jsonb not null default '[]',
  remarks jsonb not null default '[]',
  completed_at timestamptz,
  check (ends_at > starts_at and ends_at - starts_at <= interval '4 hours'),
  -- Double booking is impossible in the database, whatever the code believes.
  constraint visit_clinician_free exclude using gist (clinician_id with =, tstzrange(starts_at, ends_at) with &&) where (state not in ('cancelled', 'no-show')),
  constraint visit_room_free exclude using gist (room_id with =, tstzrange(starts_at, ends_at) with &&) where (state not in ('cancelled', 'no-show')),
  constraint visit_patient_free exclude using gist (patient_id with =, tstzrange(starts_at, ends_at) with &&) where (state not in ('cancelled', 'no-show'))
);
create index visit_by_episode on chart.visit (organization_id, episode_id, starts_at);
create index visit_by_time on chart.visit (organization_id, starts_at);

create table chart.measurement (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  patient_id uuid not null references chart.patient (id),
  episode_id uuid not null references chart.episode (id),
  visit_id uuid references chart.visit (id),
  code text not null check (length(code) between 1 and 80),
  value double precision not null,
  unit text not null check (length(unit) <= 40),
  side text not null check (side in ('left', 'right', 'bilateral', 'none')),
  taken_at timestamptz not null,
  source text not null,
  detail jsonb
);
create index measurement_by_episode on chart.measurement (organization_id, episode_id, taken_at);

create table chart.goal (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  patient_id uuid not null references chart.patient (id),
  episode_id uuid not null references chart.episode (id),
  label text not null,
  term text not null check (term in ('short', 'long')),
  text text not null,
  measurement_code text not null,
  baseline double precision,
  target double precision not null,
  direction text not null check (direction in ('up', 'down')),
  target_date date not null,
  state text not null check (state in ('open', 'met', 'dropped')),
  -- a goal's label is never reused in an episode
  unique (episode_id, label)
);

create table chart.document (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  patient_id uuid not null references chart.patient (id),
  episode_id uuid not null references chart.episode (id),
  visit_id uuid references chart.visit (id),
  kind text not null check (kind in ('evaluation', 'daily-note', 'progress-report', 're-evaluation', 'discharge-summary', 'letter')),
  title text not null,
  state text not null check (state in ('signed', 'amended')),
  revision integer not null
);
create index document_by_episode on chart.document (organization_id, episode_id);
create unique index one_note_per_visit_and_kind on chart.document (visit_id, kind) where visit_id is not null;

-- What was signed. Rows are only added: a signed revision never changes.
create table chart.document_revision (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  document_id uuid not null references chart.document (id),
  revision integer not null,
  statements jsonb not null,
  text text not null,
  sha256 bytea not null,
  signed_by uuid not null references kernel.staff (id),
  signed_at timestamptz not null,
  reason text,
  unique (document_id, revision)
);

create table chart.external_ref (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  entity text not null,
  entity_id uuid not null,
  system text not null,
  external_id text not null,
  external_version text,
  unique (organization_id, system, entity, external_id)
);

do $$
declare target text;
begin
  foreach target in array array['patient', 'coverage', 'episode', 'visit', 'measurement', 'goal', 'document', 'document_revision', 'external_ref'] loop
    perform kernel.fence(('chart.' || target)::regclass);
    perform kernel.watch(('chart.' || target)::regclass);
  end loop;
end $$;

revoke update on chart.document_revision, chart.measurement from {{app}};

create function chart.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is only ever added to', tg_table_schema, tg_table_name using errcode = 'GA002';
end $$;
create trigger signed_is_final before update or delete on chart.document_revision for each row execute function chart.refuse_change();
alter table chart.document_revision enable always trigger signed_is_final;
create trigger signed_is_final_truncate before truncate on chart.document_revision for each statement execute function chart.refuse_change();
alter table chart.document_revision enable always trigger signed_is_final_truncate;
