-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A report is looked after: by who gave it, who corrects their own number, and by the organiser, who corrects, verifies, or sets aside.
ALTER TABLE report ADD COLUMN handle TEXT NOT NULL DEFAULT ''; -- of its campaign
ALTER TABLE report ADD COLUMN set_aside SMALLINT NOT NULL DEFAULT 0; -- it counts for nothing, and is not shown
ALTER TABLE report ADD COLUMN shows_note SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE report ADD COLUMN checked_at BIGINT NOT NULL DEFAULT 0; -- when the organiser last looked after it; 0: never
UPDATE report SET handle = CAST(n.number AS TEXT)
    FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY campaign_id ORDER BY id) AS number FROM report) AS n
    WHERE n.id = report.id;
CREATE UNIQUE INDEX report_by_handle ON report (campaign_id, handle);
CREATE INDEX report_by_sign_up ON report (sign_up_id, id);
CREATE INDEX report_in_order ON report (campaign_id, id);
DROP INDEX report_with_note;
CREATE INDEX report_shown ON report (campaign_id, id) WHERE note <> '' AND set_aside = 0 AND shows_note = 1;

-- What a report said before, each time it was changed.
CREATE TABLE report_correction (
    id BIGINT PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    quantity BIGINT NOT NULL, -- until then
    how TEXT NOT NULL,
    set_aside SMALLINT NOT NULL,
    person_id BIGINT, -- the organiser who changed it; NULL: the participant
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX report_correction_by_report ON report_correction (report_id, id);

-- What is kept of a campaign's result beside its own counters. No row: nothing so far.
CREATE TABLE campaign_result (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaign (id),
    reports_each TEXT NOT NULL, -- once, many; '' follows from whether there are sessions
    reports BIGINT NOT NULL, -- those that count
    verified BIGINT NOT NULL -- of the campaign's quantity, what the organiser has checked
);
INSERT INTO campaign_result (campaign_id, reports_each, reports, verified)
    SELECT campaign_id, '', COUNT(*), CAST(COALESCE(SUM(CASE WHEN how = 'verified' THEN quantity END), 0) AS BIGINT)
    FROM report GROUP BY campaign_id;
