-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE campaign (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community (id),
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    story TEXT NOT NULL, -- Markdown, as written
    story_html TEXT NOT NULL, -- rendered once, when written
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    organiser_name TEXT NOT NULL, -- who asks
    organiser_email TEXT NOT NULL, -- answers to mails go there; '' for none
    place TEXT NOT NULL, -- '' for none
    online SMALLINT NOT NULL,
    time_zone TEXT NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL, -- the first second in which a sign-up is refused
    acts_from BIGINT NOT NULL, -- the first session's start; 0 without sessions
    acts_until BIGINT NOT NULL, -- the last session's end; 0 without sessions
    goal_unit TEXT NOT NULL, -- people, hours, quantity
    minimum BIGINT NOT NULL, -- of people, or of hours when that is the unit
    target BIGINT NOT NULL, -- in goal_unit; 0: the minimum is the target
    quantity_unit TEXT NOT NULL, -- '' without a quantity
    party_max BIGINT NOT NULL,
    asks_hours SMALLINT NOT NULL, -- each says how many hours they give (no sessions)
    minutes_each BIGINT NOT NULL, -- of a campaign without sessions that does not ask: the time it takes; 0: not known
    allows_overlap SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    reached_at BIGINT NOT NULL, -- 0: not reached so far; kept once set
    people BIGINT NOT NULL, -- confirmed and attended ones
    minutes BIGINT NOT NULL, -- of those people
    quantity BIGINT NOT NULL, -- sum of the reports
    waiting BIGINT NOT NULL,
    version BIGINT NOT NULL, -- raised at each change of what the live count shows
    UNIQUE (community_id, slug)
);
CREATE INDEX campaign_by_closing ON campaign (community_id, closes_at, slug); -- the order of lists

-- A date and place of a campaign. A campaign without sessions has one row without times, which holds its seats.
CREATE TABLE session (
    id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    handle TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    starts_local TEXT NOT NULL, -- wall clock, 2026-11-28T14:00:00: the truth; '' when timeless
    ends_local TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    starts_at BIGINT NOT NULL, -- derived; 0 when timeless
    ends_at BIGINT NOT NULL,
    place TEXT NOT NULL,
    online SMALLINT NOT NULL,
    capacity BIGINT, -- NULL: no limit
    taken BIGINT NOT NULL, -- confirmed, pending and offered places
    pending BIGINT NOT NULL, -- of them, pending
    waiting BIGINT NOT NULL,
    CHECK (taken >= 0 AND pending >= 0 AND waiting >= 0)
);
CREATE INDEX session_by_campaign ON session (campaign_id, starts_at, id);

-- The words of a campaign's title, summary and place, folded and stemmed, for the search of the list.
CREATE TABLE campaign_word (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    word TEXT NOT NULL,
    PRIMARY KEY (campaign_id, word)
);
