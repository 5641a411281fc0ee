-- Events, proposals, decisions, deliveries, plugins: what the kernel remembers of its own work.
create table kernel.event (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  type text not null,
  refs jsonb not null,
  occurred_at timestamptz not null,
  correlation_id uuid not null,
  causation_id uuid,
  depth integer not null check (depth between 0 and 50),
  emitted_by text not null,
  -- plain columns, because ->> is not leakproof and an index on it would not be used under row-level security
  patient_id uuid generated always as ((refs ->> 'patientId')::uuid) stored,
  episode_id uuid generated always as ((refs ->> 'episodeId')::uuid) stored,
  visit_id uuid generated always as ((refs ->> 'visitId')::uuid) stored
);
create index event_by_story on kernel.event (organization_id, correlation_id, occurred_at);
create index event_by_patient on kernel.event (organization_id, patient_id, occurred_at);

create index event_by_episode on kernel.event (organization_id, episode_id, occurred_at);
-- the story a link belongs to: what the patient does there continues it
alter table kernel.link add column correlation_id uuid;

create table kernel.proposal (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  plugin text not null,
  action text not null,
  title text not null,
  payload jsonb not null,
  refs jsonb not null,
  evidence jsonb not null,
  -- the facts it stands on: [{noun, id, version, row}], kept to show what changed
  facts jsonb not null,
  confidence double precision check (confidence between 0 and 1),
  state text not null check (state in ('pending', 'approved', 'rejected', 'expired', 'stale', 'withdrawn')),
  key text,
  origin_handler text not null,
  origin_input jsonb not null,
  behind_staff uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  correlation_id uuid not null,
  causation_id uuid,
  depth integer not null,
  episode_id uuid generated always as ((refs ->> 'episodeId')::uuid) stored,
  visit_id uuid generated always as ((refs ->> 'visitId')::uuid) stored
);
create index proposal_by_episode on kernel.proposal (organization_id, episode_id, created_at);
create index proposal_pending on kernel.proposal (organization_id, created_at) where state = 'pending';
create index proposal_by_story on kernel.proposal (organization_id, correlation_id);
create unique index proposal_key on kernel.proposal (organization_id, plugin, key) where state = 'pending' and key is not null;

-- One row a proposal: the primary key is what makes the effect happen once.
create table kernel.decision (
  proposal_id uuid primary key references kernel.proposal (id),
  organization_id uuid not null references kernel.tenant (id),
  id uuid not null unique,
  verdict text not null check (verdict in ('approve', 'reject')),
  staff_id uuid not null,
  decided_at timestamptz not null,
  seen_hash text not null,
  patch jsonb,
  reason_code text,
  reason text,
  effects integer not null
);

create table kernel.delivery (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  version integer not null default 1,
  plugin text not null,
  target text not null,
  idempotency_key text not null,
  body jsonb not null,
  refs jsonb not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'in-doubt', 'failed')),
  attempts integer not null default 0,
  answer jsonb,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  correlation_id uuid not null,
  causation_id uuid,
  unique (organization_id, target, idempotency_key)
);

create table kernel.plugin (
  organization_id uuid not null references kernel.tenant (id),
  id text not null,
  plugin_version text not null,
  enabled boolean not null,
  granted text[] not null,
  settings jsonb not null,
  failure text,
  version integer not null default 1,
  primary key (organization_id, id)
);

create table kernel.model_use (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  plugin text not null,
  task text not null,
  provider text not null,
  input_hash text not null,
  output_hash text,
  input_tokens integer,
  output_tokens integer,
  outcome text not null check (outcome in ('ok', 'refused', 'failed')),
  used_at timestamptz not null
);

do $$
declare target text;
begin
  foreach target in array array['event', 'proposal', 'decision', 'delivery', 'plugin', 'model_use'] loop
    perform kernel.fence(('kernel.' || target)::regclass);
    perform kernel.watch(('kernel.' || target)::regclass);
  end loop;
end $$;
revoke update on kernel.event, kernel.decision from {{app}};

-- Names of plugin migrations that were applied; the tables live in a schema of each plugin.
create table kernel.plugin_migration (plugin text not null, name text not null, sha256 text not null, applied_at timestamptz not null default now(), primary key (plugin, name));
grant select on kernel.plugin_migration to {{app}};
