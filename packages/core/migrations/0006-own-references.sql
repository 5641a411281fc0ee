-- Row-level security does not hold for foreign keys: without the organization in the key, a row could point at another clinic's row.
do $$
declare
  parents text[] := array['kernel.location', 'kernel.room', 'kernel.proposal', 'chart.patient', 'chart.coverage', 'chart.episode', 'chart.visit', 'chart.document'];
  parent text;
  found record;
begin
  foreach parent in array parents loop
    execute format('alter table %s add unique (organization_id, id)', parent);
  end loop;
  for found in
    select con.conname as name, con.conrelid::regclass as child, con.confrelid::regclass as target, att.attname as col
    from pg_constraint con
    join pg_attribute att on att.attrelid = con.conrelid and att.attnum = con.conkey[1]
    where con.contype = 'f' and cardinality(con.conkey) = 1
      and con.confrelid = any (parents::regclass[] || 'kernel.staff'::regclass)
      and con.connamespace in ('kernel'::regnamespace, 'chart'::regnamespace)
  loop
    execute format('alter table %s drop constraint %I', found.child, found.name);
    execute format('alter table %s add constraint %I foreign key (organization_id, %I) references %s (organization_id, id)',
      found.child, found.name, found.col, found.target);
  end loop;
end $$;
