-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Asked once more: 'extended', the campaign was missed and goes on; 'moved', the session is at another time or place; '' else.
ALTER TABLE sign_up ADD COLUMN again TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_up ADD COLUMN again_by BIGINT NOT NULL DEFAULT 0; -- who is in answers until then; 0: nothing is asked
ALTER TABLE sign_up ADD COLUMN remind_at BIGINT NOT NULL DEFAULT 0; -- when who has not answered hears it again; 0: not any more
CREATE INDEX sign_up_asked_again ON sign_up (campaign_id, again_by) WHERE again_by > 0;
