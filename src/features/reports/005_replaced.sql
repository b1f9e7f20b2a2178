-- SPDX-License-Identifier: AGPL-3.0-or-later
-- 1: its participant gave another number after the organiser had corrected it, and nobody has looked at that yet.
ALTER TABLE report ADD COLUMN replaced SMALLINT NOT NULL DEFAULT 0;
CREATE INDEX report_replaced ON report (campaign_id, id) WHERE replaced = 1;
