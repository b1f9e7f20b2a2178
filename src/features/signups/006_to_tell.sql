-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What who leads the campaign has to tell this person, who has no e-mail address: TELL_CHANGED 1, TELL_MISSED 2, TELL_CANCELLED 4,
-- TELL_MESSAGE 8, added up; 0: nothing.
ALTER TABLE sign_up ADD COLUMN to_tell BIGINT NOT NULL DEFAULT 0;
DROP INDEX sign_up_to_call;
CREATE INDEX sign_up_to_call ON sign_up (campaign_id, id) WHERE (to_call = 1 OR to_tell > 0);
