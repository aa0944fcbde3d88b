#pragma once
#include <cstddef>
#include <string>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/audit/audit.hpp"
#include "content/base/crypto.hpp"
#include "firmware/report/office_connection.hpp"

/// What a board sends to its office, ready for an OfficeConnection. Pure.
namespace riverlight::firmware {

inline constexpr std::size_t batch_records = 500;     ///< of a batch, at most
inline constexpr std::size_t batch_bytes = 1U << 20;  ///< of a batch as it travels, at most

[[nodiscard]] OfficeRequest enrolment_request(const content::EnrolmentRequest& enrolment);
/// `body`: content::write_health().
[[nodiscard]] OfficeRequest health_request(const std::string& board, std::string body, const SigningKey& key);
[[nodiscard]] OfficeRequest audit_request(const content::AuditRequest& audit, const SigningKey& key);
/// Its body is packed by gzip, and its digest is that of the packed bytes (RFC 9530).
[[nodiscard]] OfficeRequest batch_request(const content::Batch& batch, const SigningKey& key);

}  // namespace riverlight::firmware
