#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "content/airing/batch.hpp"
#include "content/airing/health.hpp"
#include "content/base/crypto.hpp"
#include "content/http/server.hpp"
#include "tools/office/limiter.hpp"
#include "tools/office/store.hpp"

/// The boards' side of the office: enrolment, health, airings (shapes in
/// content/airing). Errors are RFC 9457 problem documents.
namespace riverlight::office {

constexpr std::size_t longest_upload = 1U << 20;  ///< bytes of a body as it travels
constexpr std::size_t longest_batch = 8U << 20;   ///< bytes of a batch unpacked

class Intake {
  public:
    /// `facts` says where a place lies, as far as the channel knows it.
    Intake(OfficeStore& store, const SigningKey& office_key,
           std::function<PlaceFacts(const std::string& place)> facts)
        : store_(store), key_(office_key), facts_(std::move(facts)) {}

    /// POST /v1/enrolments: 201, or 200 for the same board again; 403 for a code that is unknown, used by
    /// another key or expired, or for another place, or with the key of another board; 429 for such a code
    /// after ten of them from one address in ten minutes. A right code always passes. A board that reports
    /// keeps its key until a person approves the device that enrolled in its place.
    [[nodiscard]] http::Response enrol(const http::Request& request, Instant now);
    /// PUT /v1/boards/{board}/health: 200; 403 unless signed by the board's key. The answer tells a board
    /// whose key is in two devices so (twin_store.hpp).
    [[nodiscard]] http::Response health(const http::Request& request, const std::string& board, Instant now);
    /// PUT /v1/boards/{board}/epochs/{epoch}/airings/{first}-{last}: 200 with a receipt; the same again
    /// changes nothing; 400 for what was changed on its way or breaks the chain; 403 for a board that is
    /// pending, retired or not the signer; 409 and an alarm for other content under a known seq. A batch that
    /// leaves a hole is not taken: its receipt says from where to send again. A refusal
    /// that is about one record names it in `seq`; a record that the board sets aside stands in the chain by
    /// its hash, and raises an alarm.
    [[nodiscard]] http::Response airings(const http::Request& request, const std::string& board,
                                         const std::string& epoch, const std::string& range, Instant now);

  private:
    [[nodiscard]] std::optional<http::Response> refusal_of(const std::string& id,
                                                           const std::optional<BoardRow>& board,
                                                           const std::string& text,
                                                           std::string_view signature) const;
    [[nodiscard]] http::Response refuse_claim(const http::Request& request,
                                              const std::optional<ClaimCode>& claim, Instant now);
    [[nodiscard]] std::optional<http::Response> refuse_key(const BoardRow& board, Instant now);
    [[nodiscard]] http::Response take(const content::Batch& batch, const BoardRow& board, bool by_network,
                                      Instant now);
    void look_for_twin(content::HealthAnswer& answer, const std::string& after, Instant now);

    OfficeStore& store_;
    const SigningKey& key_;
    std::function<PlaceFacts(const std::string&)> facts_;
    Limiter wrong_codes_{10, std::chrono::minutes(10)};
};

}  // namespace riverlight::office
