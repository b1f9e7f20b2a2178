-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Each change of a gathering keeps how it was before that one, so that everybody is told what is new since they agreed.
CREATE TABLE campaign_changed (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    session_id BIGINT NOT NULL, -- 0: of the campaign itself
    what TEXT NOT NULL, -- title, place, deadline; of a session: time, place
    told SMALLINT NOT NULL, -- 1: being told now; what changes meanwhile is gathered anew
    before_text TEXT NOT NULL, -- title, or place
    before_online SMALLINT NOT NULL,
    before_from BIGINT NOT NULL, -- of a time, UTC; or the deadline
    before_until BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, told, at, session_id, what)
);
INSERT INTO campaign_changed (campaign_id, session_id, what, told, before_text, before_online, before_from, before_until, at)
    SELECT campaign_id, session_id, what, told, before_text, before_online, before_from, before_until, first_at FROM campaign_change;
DROP TABLE campaign_change;

-- When it opened again after it was missed; 0: it did not.
ALTER TABLE campaign_leading ADD COLUMN opened_again_at BIGINT NOT NULL DEFAULT 0;
