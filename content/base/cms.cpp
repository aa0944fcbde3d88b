#include "content/base/cms.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>

#include <memory>

namespace riverlight {
namespace {

struct FreeMessage {
    void operator()(CMS_ContentInfo* message) const { CMS_ContentInfo_free(message); }
};

}  // namespace

std::optional<std::string> read_cms_content(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<CMS_ContentInfo, FreeMessage> message(
        d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!message) return {};
    ASN1_OCTET_STRING** content = CMS_get0_content(message.get());
    ERR_clear_error();
    if (!content || !*content) return {};
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(*content)),
                       static_cast<std::size_t>(ASN1_STRING_length(*content)));
}

}  // namespace riverlight
