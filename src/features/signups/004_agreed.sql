-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a person said yes to: the session as it stood then. What changed later is news to them; what changed before is not.
ALTER TABLE sign_up ADD COLUMN agreed_at BIGINT NOT NULL DEFAULT 0;
UPDATE sign_up SET agreed_at = CASE WHEN confirmed_at > 0 THEN confirmed_at ELSE created_at END;

-- 1: who leads the campaign has to ask this person, who has no e-mail address.
ALTER TABLE sign_up ADD COLUMN to_call SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX sign_up_to_call ON sign_up (campaign_id, id) WHERE to_call = 1;
