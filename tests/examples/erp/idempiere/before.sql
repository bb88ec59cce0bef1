-- The night of the 15th of January: the invoice that was reversed on the 16th still stood; and a payment came early, with
-- the allocation that was reversed later.
UPDATE C_Invoice SET DocStatus = 'CO', Reversal_ID = NULL, Updated = '2026-01-15 08:00:00' WHERE C_Invoice_ID = 5;
UPDATE C_Payment SET Updated = '2026-01-15 08:00:00' WHERE C_Payment_ID = 1;
UPDATE C_AllocationHdr SET DocStatus = 'CO', Updated = '2026-01-15 08:00:00' WHERE C_AllocationHdr_ID = 4;
UPDATE C_AllocationLine SET Amount = 500.00 WHERE C_AllocationLine_ID = 5;
DELETE FROM C_Invoice WHERE Updated > '2026-01-16';
DELETE FROM C_Payment WHERE Updated > '2026-01-16';
DELETE FROM C_AllocationHdr WHERE Updated > '2026-01-16';
