#include "firmware/report/office_requests.hpp"

#include "content/http/gzip.hpp"

namespace riverlight::firmware {
namespace {

constexpr auto json_type = "Content-Type: application/json";

}  // namespace

OfficeRequest enrolment_request(const content::EnrolmentRequest& enrolment) {
    return {"POST", "/v1/enrolments", content::write_enrolment(enrolment), {json_type}};
}

OfficeRequest health_request(const std::string& board, std::string body, const SigningKey& key) {
    const auto signature = "Riverlight-Signature: " + key.sign(body);
    return {"PUT", "/v1/boards/" + board + "/health", std::move(body), {signature, json_type}};
}

OfficeRequest audit_request(const content::AuditRequest& audit, const SigningKey& key) {
    auto body = content::write_audit_request(audit);
    const auto signature = "Riverlight-Signature: " + key.sign(body);
    return {"POST", "/v1/boards/" + audit.board + "/audits", std::move(body), {signature, json_type}};
}

OfficeRequest batch_request(const content::Batch& batch, const SigningKey& key) {
    auto body = http::gzip(content::write_batch(batch, key));
    const auto digest = "Content-Digest: sha-256=:" + to_base64(sha256_raw(body)) + ':';
    return {"PUT",
            "/v1/boards/" + batch.board + "/epochs/" + batch.epoch + "/airings/" +
                std::to_string(batch.first) + '-' + std::to_string(batch.last),
            std::move(body),
            {"Content-Encoding: gzip", digest, json_type}};
}

}  // namespace riverlight::firmware
