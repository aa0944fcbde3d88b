#include "tools/upload/sent_record.hpp"

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight::upload {
namespace {

namespace json = boost::json;

constexpr std::uint64_t record_cap = 64U << 20;

}  // namespace

SentRecord::SentRecord(const std::string& tree, const std::string& destination)
    : file_(tree + "/.sent-" + sha256_hex(destination).substr(0, 16) + ".json"), destination_(destination) {
    try {
        const auto value = parse_json(read_file(file_, record_cap), file_);
        for (const auto& [path, state] : value.at("files").as_object())
            files_[path] = {state.at(0).to_number<std::uint64_t>(), state.at(1).to_number<std::int64_t>()};
    } catch (const std::exception&) {
        files_.clear();
    }
}

void SentRecord::save() const {
    json::object files;
    for (const auto& [path, state] : files_) files[path] = json::array{state.bytes, state.written_us};
    write_file_atomically(file_, canonical_json(json::object{
                                     {"format", 1}, {"to", destination_}, {"files", std::move(files)}}));
}

}  // namespace riverlight::upload
