-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What changed of a campaign that people are in, and how it was before the first change: gathered, then told in one mail.
CREATE TABLE campaign_change (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    session_id BIGINT NOT NULL, -- 0: of the campaign itself
    what TEXT NOT NULL, -- title, place, deadline; of a session: time, place
    told SMALLINT NOT NULL, -- 1: being told now; what changes meanwhile is gathered anew
    before_text TEXT NOT NULL, -- title, or place
    before_online SMALLINT NOT NULL,
    before_from BIGINT NOT NULL, -- of a time, UTC; or the deadline
    before_until BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, told, session_id, what)
);
