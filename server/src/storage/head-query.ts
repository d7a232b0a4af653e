/** The last entry of the chain, or number 0 with the id of the chain where there is none. Read the same by both databases. */
export const headQuery = `
  select seq, hash from (select seq, hash from audit order by seq desc limit 1) as last
  union all select 0, value from meta where key = 'chain_id' and not exists (select 1 from audit)`;
