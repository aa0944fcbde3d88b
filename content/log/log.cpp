#include "content/log/log.hpp"

#include <spdlog/pattern_formatter.h>

#include <memory>

#include "content/base/plain_text.hpp"

namespace riverlight::log {
namespace {

/// spdlog's own line, with the message as plain text.
class PlainFormatter : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const auto text = plain_text({message.payload.data(), message.payload.size()});
        auto plain = message;
        plain.payload = text;
        line_.format(plain, out);
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<PlainFormatter>();
    }

  private:
    spdlog::pattern_formatter line_;
};

}  // namespace

void write_plain_text(spdlog::logger& logger) {
    logger.set_formatter(std::make_unique<PlainFormatter>());
}

void write_plain_text() {
    write_plain_text(*spdlog::default_logger());
}

}  // namespace riverlight::log
