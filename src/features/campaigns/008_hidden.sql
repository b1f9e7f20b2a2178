-- SPDX-License-Identifier: AGPL-3.0-or-later
-- When a facilitator took its page away, since something on it should not be there; 0: it is there.
ALTER TABLE campaign ADD COLUMN hidden_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE campaign ADD COLUMN hidden_word TEXT NOT NULL DEFAULT ''; -- of who took it away, to those who lead it
CREATE INDEX campaign_hidden ON campaign (community_id, id) WHERE hidden_at > 0;
