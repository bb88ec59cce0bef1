-- PostgreSQL. Invoices, credit memos, receipts, and what an allocation gave away as discount or wrote off.
SELECT concat('I', i.C_Invoice_ID) AS document, CAST(date_part('epoch', i.Updated) AS bigint) AS revision,
       i.C_BPartner_ID AS customer,
       CASE WHEN (t.DocBaseType = 'ARC') = (i.GrandTotal < 0) THEN 'invoice' ELSE 'credit_note' END AS kind,
       CASE WHEN i.DocStatus IN ('CO', 'CL') THEN ABS(i.GrandTotal) ELSE 0 END AS amount, -- 0: reversed, voided
       c.ISO_Code AS currency, to_char(i.DateInvoiced, 'YYYY-MM-DD') AS document_date,
       to_char(paymentTermDueDate(i.C_PaymentTerm_ID, i.DateInvoiced), 'YYYY-MM-DD') AS due_date
FROM C_Invoice i
JOIN C_DocType t ON t.C_DocType_ID = i.C_DocType_ID
JOIN C_Currency c ON c.C_Currency_ID = i.C_Currency_ID
WHERE i.IsSOTrx = 'Y' AND i.DocStatus IN ('CO', 'CL', 'RE', 'VO')
UNION ALL
SELECT concat('P', p.C_Payment_ID), CAST(date_part('epoch', p.Updated) AS bigint), p.C_BPartner_ID,
       CASE WHEN p.PayAmt < 0 THEN 'refund' ELSE 'payment' END,
       CASE WHEN p.DocStatus IN ('CO', 'CL') THEN ABS(p.PayAmt) ELSE 0 END, c.ISO_Code, to_char(p.DateTrx, 'YYYY-MM-DD'), NULL
FROM C_Payment p
JOIN C_Currency c ON c.C_Currency_ID = p.C_Currency_ID
WHERE p.IsReceipt = 'Y' AND p.C_Charge_ID IS NULL AND p.DocStatus IN ('CO', 'CL', 'RE', 'VO')
UNION ALL
SELECT concat('W', l.C_AllocationLine_ID), CAST(date_part('epoch', h.Updated) AS bigint), i.C_BPartner_ID, 'credit_note',
       CASE WHEN h.DocStatus IN ('CO', 'CL') THEN l.DiscountAmt + l.WriteOffAmt ELSE 0 END, c.ISO_Code,
       to_char(h.DateTrx, 'YYYY-MM-DD'), NULL
FROM C_AllocationLine l
JOIN C_AllocationHdr h ON h.C_AllocationHdr_ID = l.C_AllocationHdr_ID
JOIN C_Invoice i ON i.C_Invoice_ID = l.C_Invoice_ID AND i.IsSOTrx = 'Y'
JOIN C_Currency c ON c.C_Currency_ID = h.C_Currency_ID
WHERE l.DiscountAmt + l.WriteOffAmt > 0 OR h.DocStatus IN ('RE', 'VO')
