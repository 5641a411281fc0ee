-- Schemas, the fence between organizations, and the wall that refuses a write without its audit entry.
create schema chart;
create schema auth;
create schema audit;
grant usage on schema kernel, chart, auth, audit to {{app}};

-- Every table with an organization_id is fenced: one policy, also for the owner (FORCE). With no organization set, no row is visible.
create function kernel.fence(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format($policy$create policy organization on %s
    using (organization_id = nullif(current_setting('gonio.org', true), '')::uuid)
    with check (organization_id = nullif(current_setting('gonio.org', true), '')::uuid)$policy$, target);
  execute format('grant select, insert, update on %s to {{app}}', target);
end $$;

-- A write to a watched table is refused at commit unless an audit entry was written in the same transaction.
create function kernel.require_audit() returns trigger language plpgsql as $$
begin
  if current_setting('gonio.audited', true) is distinct from pg_current_xact_id()::text then
    raise exception 'write to %.% without an audit entry in its transaction', tg_table_schema, tg_table_name
      using errcode = 'GA001', hint = 'Append the audit entry with appendEntries() in the same transaction.';
  end if;
  return null;
end $$;

create function kernel.watch(target regclass) returns void language plpgsql as $$
begin
  execute format('create constraint trigger require_audit after insert or update or delete on %s
    deferrable initially deferred for each row execute function kernel.require_audit()', target);
end $$;

-- The ids of organizations alone: what a worker or a sign-in needs before it knows which fence to enter.
create table kernel.tenant (id uuid primary key);
grant select, insert on kernel.tenant to {{app}};

create table kernel.organization (
  organization_id uuid primary key references kernel.tenant (id),
  name text not null check (length(name) between 1 and 200),
  time_zone text not null,
  demo boolean not null default false,
  version integer not null default 1
);
select kernel.fence('kernel.organization');
select kernel.watch('kernel.organization');

create table kernel.location (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  name text not null,
  state text not null check (state ~ '^[A-Z]{2}$'),
  version integer not null default 1
);
select kernel.fence('kernel.location');
select kernel.watch('kernel.location');

create table kernel.room (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  location_id uuid not null references kernel.location (id),
  name text not null,
  kind text not null,
  version integer not null default 1
);
select kernel.fence('kernel.room');
select kernel.watch('kernel.room');
