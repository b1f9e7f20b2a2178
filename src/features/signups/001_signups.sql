-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE sign_up (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    session_id BIGINT NOT NULL REFERENCES session (id),
    handle TEXT NOT NULL UNIQUE, -- the first part of the token in the mails
    generation BIGINT NOT NULL, -- a new one revokes the mails' tokens
    ref TEXT NOT NULL UNIQUE, -- stands in the link that this person shares
    brought_by BIGINT NOT NULL, -- the sign-up whose link brought this person; 0: none
    email TEXT NOT NULL, -- in its normal form
    first_name TEXT NOT NULL,
    language TEXT NOT NULL,
    party BIGINT NOT NULL,
    minutes_each BIGINT NOT NULL, -- what each of the party gives; 0: not known
    show_name SMALLINT NOT NULL,
    state TEXT NOT NULL,
    rank BIGINT NOT NULL, -- "you are the 37th": set when confirmed
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL, -- 0: never
    expires_at BIGINT NOT NULL, -- of a pending one
    asked BIGINT NOT NULL, -- how often the form was sent for this row
    CHECK (party >= 1)
);
-- The natural key, which makes sending a form again harmless: one of a person in a session, but for those that ended.
CREATE UNIQUE INDEX sign_up_active ON sign_up (campaign_id, session_id, email)
    WHERE state IN ('pending', 'confirmed', 'waiting', 'offered', 'attended', 'absent');
-- One unconfirmed sign-up for each e-mail and campaign.
CREATE UNIQUE INDEX sign_up_one_pending ON sign_up (campaign_id, email) WHERE state = 'pending';
CREATE INDEX sign_up_by_email ON sign_up (campaign_id, email, id);
CREATE INDEX sign_up_by_person ON sign_up (email, id);
CREATE INDEX sign_up_by_state ON sign_up (campaign_id, state, id);
CREATE INDEX sign_up_by_session ON sign_up (session_id, state);
CREATE INDEX sign_up_by_brought ON sign_up (brought_by, state, id);
CREATE INDEX sign_up_named ON sign_up (campaign_id, id) WHERE state = 'confirmed' AND show_name = 1;
CREATE INDEX sign_up_lapsing ON sign_up (expires_at) WHERE state = 'pending';

-- What a browser holds between the form and the mail: a handle of its own for each time the form is sent, and the code that the mail
-- brings, as a keyed hash. It confirms what was asked for then, nothing that somebody asked for later.
CREATE TABLE sign_up_code (
    id BIGINT PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    sign_up_id BIGINT NOT NULL REFERENCES sign_up (id),
    asked BIGINT NOT NULL, -- sign_up.asked at that time
    code_mac TEXT NOT NULL,
    tries BIGINT NOT NULL,
    held_until BIGINT NOT NULL, -- what the page says of the seat
    expires_at BIGINT NOT NULL -- of the code
);
CREATE INDEX sign_up_code_by_sign_up ON sign_up_code (sign_up_id);
CREATE INDEX sign_up_code_by_expiry ON sign_up_code (expires_at);
