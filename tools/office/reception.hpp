#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/airing/health.hpp"
#include "content/base/crypto.hpp"
#include "content/http/message.hpp"
#include "tools/office/store.hpp"

/// The boards' side of the office: enrolment, health, airings (shapes in
/// content/airing). Errors are RFC 9457 problem documents.
namespace riverlight::office {

constexpr std::size_t longest_upload = 1U << 20;  ///< bytes of a body as it travels
constexpr std::size_t longest_batch = 8U << 20;   ///< bytes of a batch unpacked

/// What a board's request has written, once it was checked, and how it is answered then.
struct BoardWrite {
    std::function<void(OfficeStore& store)> write;  ///< once, in a transaction
    std::function<http::Response()> answer;         ///< once that is on disk: receipts are signed here
    std::string place{};                            ///< whose figures it changes; empty: none
};
/// A refusal, or what is to be written.
using BoardAnswer = std::variant<http::Response, BoardWrite>;

/// Takes what boards send, in two steps: it is read and checked against `records` on any thread, several at a
/// time; then it is written by the one thread that writes, which checks again what may have changed since.
class Reception {
  public:
    using Facts = std::function<PlaceFacts(const OfficeStore& records, const std::string& place)>;
    /// `facts` says where a place lies, as far as the channel or earlier days tell. It is called by the
    /// thread that writes.
    Reception(const SigningKey& office_key, Facts facts) : key_(office_key), facts_(std::move(facts)) {}

    /// POST /v1/enrolments: 201, or 200 for the same board again; 403 for a code that is unknown, used by
    /// another key or expired, or for another place, or with the key of another board; 429 for such a code
    /// after ten of them from one address in ten minutes. A right code always passes. A board that reports
    /// keeps its key until a person approves the device that enrolled in its place.
    [[nodiscard]] BoardAnswer enrol(const OfficeStore& records, const http::Request& request,
                                    Instant now) const;
    /// PUT /v1/boards/{board}/health: 200; 403 unless signed by the board's key. The answer tells a board
    /// whose key is in two devices so (twin_store.hpp).
    [[nodiscard]] BoardAnswer health(const OfficeStore& records, const http::Request& request,
                                     const std::string& board, Instant now) const;
    /// Where an upload says that it belongs: /v1/boards/{board}/epochs/{epoch}/airings/{range}.
    struct UploadPath {
        std::string board, epoch, range;
    };
    /// PUT of a batch under that path; its range is {first}-{last}. 200 with a receipt. The same again
    /// changes nothing. A batch that leaves a hole is not taken: its receipt says from where to send again.
    ///
    /// 400 for what was changed on its way or breaks the chain. 403 for a board that is pending, retired or
    /// not the signer. 409 and an alarm for other content under a known seq. A refusal that is about one
    /// record names it in `seq`. A record that the board sets aside stands in the chain by its hash, and
    /// raises an alarm.
    [[nodiscard]] BoardAnswer airings(const OfficeStore& records, const http::Request& request,
                                      const UploadPath& path, Instant now) const;

    /// POST /v1/boards/{board}/audits: 200 with proofs of what the office holds (content/audit); 403 unless
    /// signed by the board's key.
    [[nodiscard]] http::Response audit(const OfficeStore& records, const http::Request& request,
                                       const std::string& board, Instant now) const;
    [[nodiscard]] const SigningKey& key() const { return key_; }

  private:
    [[nodiscard]] std::optional<http::Response> refuse_key(OfficeStore& store, const BoardRow& board,
                                                           Instant now) const;
    [[nodiscard]] http::Response let_in(OfficeStore& store, const content::EnrolmentRequest& asked,
                                        const std::string& remote, Instant now) const;
    /// How far an epoch is held, or why a batch was not taken.
    using Taken = std::variant<EpochHead, http::Response>;
    [[nodiscard]] Taken take(OfficeStore& store, const content::Batch& batch, const BoardRow& checked,
                             bool by_network, Instant now) const;
    [[nodiscard]] Taken store_batch(OfficeStore& store, const content::Batch& batch, const BoardRow& board,
                                    bool by_network, Instant now) const;

    const SigningKey& key_;
    Facts facts_;
};

}  // namespace riverlight::office
