-- Who works here, who is signed in, and the one-time links of patients.
create table kernel.staff (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  name text not null check (length(name) between 1 and 200),
  email text not null check (email = lower(email) and length(email) between 3 and 254),
  roles text[] not null check (
    cardinality(roles) between 1 and 6
    and roles <@ array['front-desk', 'therapist', 'assistant', 'biller', 'manager', 'admin']
  ),
  -- [{day 1-7, from, to}] in clinic time, minutes from midnight
  hours jsonb not null default '[]' check (jsonb_typeof(hours) = 'array'),
  active boolean not null default true,
  version integer not null default 1,
  -- what the foreign keys below point at, so that a row cannot borrow the staff of another organization
  unique (organization_id, id)
);
select kernel.fence('kernel.staff');
select kernel.watch('kernel.staff');

create table kernel.license (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  staff_id uuid not null,
  kind text not null check (kind in ('PT', 'PTA')),
  state text not null check (state ~ '^[A-Z]{2}$'),
  number text not null check (length(number) between 1 and 40),
  -- the last day on which it is valid
  expires date not null,
  version integer not null default 1,
  foreign key (organization_id, staff_id) references kernel.staff (organization_id, id),
  unique (organization_id, staff_id, kind, state, number)
);
select kernel.fence('kernel.license');
select kernel.watch('kernel.license');

create table kernel.link (
  id uuid primary key,
  organization_id uuid not null references kernel.tenant (id),
  plugin text not null check (length(plugin) between 1 and 60),
  procedures text[] not null check (cardinality(procedures) between 1 and 20),
  -- ids only: what the link is about
  subject jsonb not null default '{}' check (jsonb_typeof(subject) = 'object'),
  language text not null check (language in ('en', 'es')),
  title text not null check (length(title) between 1 and 200),
  -- kind:id of whoever made it
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > created_at),
  closed_at timestamptz,
  used_at timestamptz,
  version integer not null default 1,
  -- a column of its own: an index on subject ->> 'patientId' is not used under row-level security
  patient_id uuid generated always as ((subject ->> 'patientId')::uuid) stored
);
create index link_open on kernel.link (organization_id, expires_at) where closed_at is null;
create index link_by_patient on kernel.link (organization_id, patient_id, created_at) where patient_id is not null;
select kernel.fence('kernel.link');
select kernel.watch('kernel.link');

-- Sign-in comes before the organization is known, so nothing in schema auth is fenced: the application role alone reads it, nothing here is
-- clinical, and no token or password is in it that could be used again.
create table auth."user" (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  created_at timestamptz not null
);

create table auth.account (
  user_id uuid not null references auth."user" (id),
  provider text not null check (provider = 'password'),
  -- salt and scrypt key
  password_hash text not null,
  changed_at timestamptz not null,
  primary key (user_id, provider)
);

-- One organization a user; sign-in then needs no question which one is meant.
create table auth.member (
  user_id uuid primary key references auth."user" (id),
  organization_id uuid not null references kernel.tenant (id),
  staff_id uuid not null unique,
  foreign key (organization_id, staff_id) references kernel.staff (organization_id, id)
);

create table auth.session (
  id uuid primary key,
  -- SHA-256 of a random 256-bit token; the token itself is only in the cookie
  token_sha256 bytea not null unique check (length(token_sha256) = 32),
  user_id uuid not null references auth."user" (id),
  organization_id uuid not null references kernel.tenant (id),
  staff_id uuid not null,
  ip text not null,
  user_agent text not null check (length(user_agent) <= 300),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('signed-out', 'replaced', 'deactivated', 'password-changed', 'too-many')),
  check ((ended_at is null) = (ended_because is null))
);
create index session_open on auth.session (staff_id, created_at) where ended_at is null;
create index session_by_expiry on auth.session (expires_at);

-- Tries by account and by address. The key is keyed hash, because people type passwords into the e-mail field.
create table auth.attempt (
  key text primary key check (length(key) <= 80),
  failures integer not null check (failures >= 0),
  since timestamptz not null,
  locks integer not null default 0 check (locks >= 0),
  locked_until timestamptz
);
create index attempt_by_time on auth.attempt (since);

grant select, insert, update on auth."user", auth.account, auth.member, auth.session to {{app}};
grant delete on auth.session, auth.attempt to {{app}};
grant select, insert, update on auth.attempt to {{app}};
