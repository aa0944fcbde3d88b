#pragma once
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

/// Files that have the form of RAUC's bundles of the format verity, signed by a key that nobody trusts.
namespace riverlight::test {

/// The message at the end of a bundle: a manifest, signed.
inline std::string sign_manifest(const std::string& manifest) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(
        BIO_new_mem_buf(manifest.data(), static_cast<int>(manifest.size())), BIO_free);
    const std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)> message(
        CMS_sign(certificate.get(), key.get(), nullptr, in.get(), CMS_BINARY), CMS_ContentInfo_free);
    unsigned char* der = nullptr;
    const int size = message ? i2d_CMS_ContentInfo(message.get(), &der) : -1;
    if (size <= 0) throw std::runtime_error("cannot sign a manifest");
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

/// A bundle around a manifest. `payload` stands for its squashfs.
inline std::string wrap_bundle(const std::string& message,
                               const std::string& payload = std::string(4096, 'p')) {
    std::string length;
    for (int shift = 56; shift >= 0; shift -= 8) length += static_cast<char>(message.size() >> shift & 0xff);
    return "hsqs" + payload + message + length;
}

inline std::string make_bundle(const std::string& compatible, const std::string& version,
                               const std::string& payload = std::string(4096, 'p')) {
    return wrap_bundle(sign_manifest("[update]\ncompatible=" + compatible + "\nversion=" + version +
                                     "\n\n[bundle]\nformat=verity\n\n[image.root]\nfilename=root.img\n"),
                       payload);
}

}  // namespace riverlight::test
