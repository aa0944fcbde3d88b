#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/crypto.hpp"
#include "content/base/instant.hpp"

/// The airing record and the batch that carries records up: the same in journal, upload, stick and office
/// (ARCHITECTURE.md, "Airing record").
namespace riverlight::content {

enum class ClockState { floor, unsynchronised, synchronised };
[[nodiscard]] std::string_view to_text(ClockState state);

/// One airing done, or planned and not done. All integers; the canonical JSON of everything but `hash` is
/// what is hashed.
struct AiringRecord {
    std::string board, epoch;
    std::int64_t seq = 0;  ///< from 1, without a hole within an epoch
    std::string outlet;
    std::string place;
    std::string airing;  ///< planned airing's id, or `unplanned-…` for slate and takeover by hand
    std::string booking, campaign, segment;
    std::int64_t revision = 0;
    std::string sha256;  ///< of the picture file that aired; empty if none did
    std::string locale_asked, locale_aired;
    std::optional<Instant> planned_start, planned_end;
    std::optional<Instant> started, ended;  ///< by the board's clock, in the state below
    ClockState clock = ClockState::floor;
    std::int64_t clock_error_ms = -1;  ///< −1: unknown
    std::string boot_id;
    std::int64_t monotonic_start_us = -1, monotonic_end_us = -1;
    std::string status;  ///< aired | truncated | substituted | skipped | failed | interrupted
    std::string reason;
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0;
    std::map<std::string, std::string> evidence;
    std::string previous;  ///< hash of seq − 1; of the epoch's first record: SHA-256 of "riverlight epoch
                           ///< <board> <epoch>"
    std::string hash;
};

/// Canonical JSON (format 1) of the record, with or without its hash.
[[nodiscard]] std::string record_json(const AiringRecord& record, bool with_hash = true);
[[nodiscard]] AiringRecord parse_record(std::string_view json, const std::string& what);
/// SHA-256 of record_json(record, false).
[[nodiscard]] std::string record_hash(const AiringRecord& record);
[[nodiscard]] std::string first_previous(std::string_view board, std::string_view epoch);

/// The body of PUT /v1/boards/{board}/epochs/{epoch}/airings/{first}-{last}, ungzipped ≤ 8 MiB:
/// {"format":1,"board","epoch","first","last","head","public_key","airings":[…],"signature"}; the signature
/// is over canonical {"board","epoch","first","format","head","last"} with the board's key, `head` the last
/// record's hash.
struct Batch {
    std::string board, epoch;
    std::int64_t first = 0, last = 0;
    std::string head;
    std::vector<AiringRecord> airings;
    std::string signature;
};
[[nodiscard]] std::string write_batch(const Batch& batch, const SigningKey& key);
/// Parses and checks form, chain, head and numbering (not the signature). Throws Error naming the first bad
/// seq.
[[nodiscard]] Batch parse_batch(std::string_view json);
[[nodiscard]] bool batch_signed_by(const Batch& batch, std::string_view public_hex);

/// The office's answer: {"format":1,"board","epoch","held","head","office","signature"}; `held` is the
/// highest seq held without a hole and `head` that record's hash; signed by the office's key over the
/// canonical object without "signature".
struct Receipt {
    std::string board, epoch;
    std::int64_t held = 0;
    std::string head;
    std::string office;  ///< office's public key, hex
    std::string signature;
};
[[nodiscard]] std::string write_receipt(const Receipt& receipt, const SigningKey& office_key);
/// Throws Error unless it is well-formed and signed by `office_public_hex`.
[[nodiscard]] Receipt parse_receipt(std::string_view json, std::string_view office_public_hex);

/// POST /v1/enrolments: {"format":1,"claim_code","public_key","place","version"} → 201
/// {"format":1,"board","office_key","fingerprint","state":"pending"|"active"}. Upload from a board still
/// pending: 403 problem `…/pending`. PUT health: any JSON object ≤ 64 KiB of
/// {"format":1,"board","at","version","clock","clock_error_ms",
/// "release","signed_until","queue","disk_free_bytes","outlets":[{"id","on_air":{airing,segment,locale,campaign}|null,"slate"}],"alarms":[text]},
/// authenticated by header `Riverlight-Signature: <hex ed25519 over the raw body>`.

}  // namespace riverlight::content
