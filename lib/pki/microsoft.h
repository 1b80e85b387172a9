/* SPDX-License-Identifier: ISC */
/* What Microsoft's certification authority (AD CS) and directory add. */
#pragma once

#include <stdint.h>

/* 1.3.6.1.4.1.311, and the arc of AD CS below it: content octets of OIDs. */
#define MICROSOFT_OID 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37
#define ADCS_OID MICROSOFT_OID, 0x15
#define ADCS_CA_VERSION_OID ADCS_OID, 0x01	/* in certificates too */
#define ADCS_NEXT_PUBLISH_OID ADCS_OID, 0x04
#define ADCS_LOCATIONS_OID ADCS_OID, 0x0e
#define ADCS_OID_SIZE 9		/* of each of these three */

/*
 * How many octets a CRL may have: rangeUpper of Active Directory's attribute,
 * and what Microsoft's root programme asks for.
 */
#define MICROSOFT_CRL_BYTES_MAX UINT64_C(10485760)
