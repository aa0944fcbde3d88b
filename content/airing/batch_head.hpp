#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/json.hpp"

namespace riverlight::content {

/// What a batch says of itself, in front of its records (batch.hpp).
struct BatchHead {
    std::string board, epoch;
    std::int64_t first = 0, last = 0;
    std::string head;       ///< hash of the last record: by the chain it covers all of them
    std::string signature;  ///< hex, of signed_text()
};
/// Reads the head of a batch of at most 8 MiB and passes over its records: a stranger's batch costs no more
/// than a look at its bytes. Throws Error for what is no JSON or has no such head. Whether the head fits the
/// records is parse_batch()'s to check.
[[nodiscard]] BatchHead read_batch_head(std::string_view json);
/// The same fields of a batch that was parsed. Throws Error for one that is missing or of another form.
void read_head_fields(JsonFields& f, BatchHead& head);
/// Canonical JSON of {"board","epoch","first","format","head","last"}.
[[nodiscard]] std::string signed_text(const BatchHead& batch);
[[nodiscard]] bool batch_signed_by(const BatchHead& batch, std::string_view public_hex);

}  // namespace riverlight::content
