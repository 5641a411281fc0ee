-- The audit log: entries that are never changed, and the Merkle tree (RFC 6962) of each organization that proves it.
-- No foreign key to kernel.tenant on the two tables that grow with every commit: it would lock the tenant's row each time, and the fence
-- already accepts only the organization of the transaction.
create table audit.entry (
  organization_id uuid not null,
  id uuid not null,
  -- Commit order for the sealer: only rows of finished transactions (xid below the snapshot's xmin) get a place in the tree.
  xid xid8 not null default pg_current_xact_id(),
  occurred_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('staff', 'patient', 'plugin', 'system')),
  actor_id text check (length(actor_id) <= 100),
  action text not null check (length(action) between 1 and 100),
  refs jsonb not null,
  correlation_id uuid not null,
  causation_id uuid,
  detail jsonb not null,
  salt bytea not null check (length(salt) = 16),
  -- RFC 8785 canonical JSON of all columns above but xid; `leaf` = SHA-256(0x00 || body), RFC 6962 section 2.1.
  body bytea not null check (length(body) <= 65536),
  leaf bytea not null check (length(leaf) = 32),
  -- A real column, because row-level security keeps an index on refs->>'patientId' from being used (->> is not leakproof).
  patient_id uuid generated always as ((refs ->> 'patientId')::uuid) stored,
  primary key (organization_id, id)
);
create index entry_unsealed on audit.entry (organization_id, xid);
create index entry_patient on audit.entry (organization_id, patient_id, id) where patient_id is not null;
create index entry_story on audit.entry (organization_id, correlation_id);

-- The place of each entry in the tree: gap-free from 0. `leaf` is kept twice, so that a damaged entry can be named.
create table audit.sealed (
  organization_id uuid not null,
  seq bigint not null check (seq >= 0),
  entry_id uuid not null,
  leaf bytea not null check (length(leaf) = 32),
  primary key (organization_id, seq),
  unique (organization_id, entry_id)
);

-- Hashes of complete subtrees of 256, 65 536, … leaves, so that a proof reads hundreds of rows and not all of them.
create table audit.node (
  organization_id uuid not null references kernel.tenant (id),
  level smallint not null check (level in (8, 16, 24, 32, 40)),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (organization_id, level, index)
);

create table audit.checkpoint (
  organization_id uuid not null references kernel.tenant (id),
  size bigint not null check (size > 0),
  root bytea not null check (length(root) = 32),
  -- C2SP signed note of a tlog-checkpoint.
  note text not null check (length(note) <= 4000),
  -- The right edge of the tree: hashes of its complete subtrees, largest first, all that the next seal needs.
  edge bytea not null check (length(edge) % 32 = 0),
  -- Every visible entry with a smaller xid is sealed.
  floor xid8 not null,
  created_at timestamptz not null,
  primary key (organization_id, size)
);

-- What the commit check of kernel.require_audit() looks for.
create function audit.mark_transaction() returns trigger language plpgsql as $$
begin
  perform pg_catalog.set_config('gonio.audited', pg_current_xact_id()::text, true);
  return null;
end $$;
create trigger mark_transaction after insert on audit.entry for each statement execute function audit.mark_transaction();

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'GA002', hint = 'Correct the record with a new entry.';
end $$;

do $$
declare target text;
begin
  foreach target in array array['audit.entry', 'audit.sealed', 'audit.node', 'audit.checkpoint'] loop
    perform kernel.fence(target);
    execute format('revoke update, delete, truncate on %s from {{app}}', target);
    execute format('create trigger refuse_change before update or delete on %s for each row execute function audit.refuse_change()', target);
    execute format('create trigger refuse_truncate before truncate on %s for each statement execute function audit.refuse_change()', target);
    -- ALWAYS: session_replication_role = replica does not skip them.
    execute format('alter table %s enable always trigger refuse_change', target);
    execute format('alter table %s enable always trigger refuse_truncate', target);
  end loop;
end $$;
