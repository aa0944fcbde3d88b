#include "content/airing/batch.hpp"
#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/http/gzip.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

namespace {

const SigningKey& key() {
    static const auto one = SigningKey::from_seed_hex(std::string(64, '6'));
    return one;
}

void read_batch(std::string_view text) {
    const auto batch = content::parse_batch(text);
    const auto written = content::write_batch(batch, key());
    const auto again = content::parse_batch(written);
    fuzz::promise(content::write_batch(again, key()) == written, "a batch is the same when read again");
    fuzz::promise(content::batch_signed_by(again, key().public_hex()), "and signed by who wrote it");
}

}  // namespace

/// The files of a stick other than channel metadata (see metadata.cpp): a journal batch, compressed or not,
/// and a receipt.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::Input(data, size).text();
    fuzz::attempt([&] { read_batch(text); });
    fuzz::attempt([&] { read_batch(http::gunzip(text, 1U << 20)); });
    fuzz::attempt([&] { static_cast<void>(content::parse_receipt(text, key().public_hex())); });
    return 0;
}
