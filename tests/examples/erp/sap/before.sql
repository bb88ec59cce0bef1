-- The night of the 15th of January: the invoice that was cancelled on the 16th still stood.
DELETE FROM VBRK WHERE FKDAT > '20260115';
