#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "content/audit/audit.hpp"
#include "content/base/crypto.hpp"
#include "content/http/message.hpp"
#include "tools/office/store.hpp"

/// Proofs about the list of records, for whoever does not want to trust the office (content/audit).
namespace riverlight::office {

/// `question`: a content::AuditRequest about one of the board's records, which the board signed. 200 with a
/// content::AuditAnswer; 400 for another question.
[[nodiscard]] http::Response audit_answer(const OfficeStore& records, const SigningKey& office_key,
                                          const std::string& board, std::string_view question, Instant now);
/// The signed head of the list as it is.
[[nodiscard]] content::TreeHead signed_head(const OfficeStore& records, const SigningKey& office_key,
                                            Instant now);
[[nodiscard]] http::Response head_response(const content::TreeHead& head);
/// The head that is kept of that moment's UTC day; nothing if none is yet.
[[nodiscard]] std::optional<http::Response> daily_head_response(const OfficeStore& records, Instant now);
/// `sizes`: {from}-{to}. 200 with content::write_growth(), that the first `to` records begin with the
/// first `from`; 404 if there are not as many.
[[nodiscard]] http::Response growth_response(const OfficeStore& records, const std::string& sizes);

}  // namespace riverlight::office
