#include "content/journal/reader.hpp"

#include "content/journal/file.hpp"

namespace riverlight::content {

JournalReader::JournalReader(const std::string& path)
    : file_(std::make_unique<JournalFile>(path, JournalFile::Mode::read)) {}
JournalReader::~JournalReader() = default;
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader& JournalReader::operator=(JournalReader&&) noexcept = default;

JournalState JournalReader::state() const {
    return file_->guarded([&] { return file_->state(); });
}

std::vector<AiringRecord> JournalReader::read(std::int64_t from, std::size_t count) const {
    return file_->guarded([&] { return file_->read(from, count); });
}

std::string JournalReader::verify() const {
    return file_->verify();
}

std::optional<Instant> JournalReader::latest_sure_time() const {
    return file_->guarded([&] { return file_->fact(journal_facts::latest_sure_time); });
}

}  // namespace riverlight::content
