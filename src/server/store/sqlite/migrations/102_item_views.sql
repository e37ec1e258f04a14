-- How long an item that was submitted may stay out of everybody's reach; 0: for ever.
ALTER TABLE queues ADD COLUMN lost_after INTEGER NOT NULL DEFAULT 0;

-- The job as submitted, and the backend that its intent names: copies of what the payload holds, for lists and for takeovers.
ALTER TABLE items ADD COLUMN job TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN scope TEXT NOT NULL DEFAULT '';
UPDATE items SET
  job = coalesce((SELECT json_extract(submitted, '$.job') FROM item_payloads WHERE item = items.id), ''),
  scope = coalesce((SELECT json_extract(intent, '$.scope') FROM item_payloads WHERE item = items.id), '');
UPDATE items SET unreachable_since = coalesce(unreachable_since, leased_at) WHERE takeover = 1;

CREATE INDEX items_of_job ON items (job) WHERE job <> '';
CREATE INDEX items_ended ON items (queue, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX items_out_of_reach ON items (unreachable_since) WHERE unreachable_since IS NOT NULL AND lease_expires_at IS NULL;
