-- The night of the 15th of January: the invoice that was cancelled on the 16th still stood; and a payment came early, which
-- was not reconciled yet.
UPDATE `tabSales Invoice` SET docstatus = 1 WHERE name = 'SINV-5';
UPDATE `tabPayment Ledger Entry` SET delinked = 0, modified = '2026-01-15 08:00:00' WHERE name IN ('a5', 'b1');
DELETE FROM `tabPayment Ledger Entry` WHERE modified > '2026-01-16';
DELETE FROM `tabSales Invoice` WHERE posting_date > '2026-01-16';
