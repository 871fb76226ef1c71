// What the finders can find. Named as Presidio names its entities, where it has one, so
// that results can be compared and policies moved.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace agon::pii {

enum class kind : std::uint8_t {
  // Everywhere.
  email_address,
  phone_number,
  credit_card,
  ip_address,
  iban_code,
  mac_address,
  url,
  crypto,
  secret,
  handle,
  gps_coordinates,
  date_time,
  date_of_birth,
  mrz,
  vin,
  street_address,
  // Names, from the tagger.
  person,
  location,
  organization,
  // North America.
  us_ssn,
  us_itin,
  us_passport,
  us_driver_license,
  us_bank_number,
  us_mbi,
  us_npi,
  aba_routing_number,
  medical_license,
  ca_sin,
  mx_curp,
  mx_rfc,
  // South America.
  br_cpf,
  br_cnpj,
  ar_cuit,
  cl_rut,
  co_nit,
  ec_cedula,
  uy_ci,
  // Britain and Ireland.
  uk_nhs,
  uk_nino,
  uk_passport,
  uk_postcode,
  uk_driving_licence,
  uk_vehicle_registration,
  ie_pps,
  // Germany, Austria, Switzerland.
  de_bsnr,
  de_fuehrerschein,
  de_handelsregister,
  de_health_insurance,
  de_id_card,
  de_kfz,
  de_lanr,
  de_passport,
  de_plz,
  de_social_security,
  de_tax_id,
  de_tax_number,
  de_vat_id,
  at_svnr,
  ch_ahv,
  // France, Belgium, the Netherlands.
  fr_nir,
  be_national_number,
  nl_bsn,
  // Southern Europe.
  es_nie,
  es_nif,
  es_passport,
  it_driver_license,
  it_fiscal_code,
  it_identity_card,
  it_passport,
  it_vat_code,
  pt_nif,
  gr_amka,
  // Northern Europe.
  dk_cpr,
  fi_personal_identity_code,
  is_kennitala,
  no_fodselsnummer,
  se_organisationsnummer,
  se_personnummer,
  ee_isikukood,
  // Eastern Europe.
  bg_egn,
  cz_rodne_cislo,
  hr_oib,
  jmbg,
  pl_pesel,
  ro_cnp,
  ru_inn,
  ru_snils,
  ua_rnokpp,
  // Asia.
  cn_resident_id,
  hk_id,
  id_nik,
  il_id,
  in_aadhaar,
  in_gstin,
  in_pan,
  in_passport,
  in_vehicle_registration,
  in_voter,
  jp_my_number,
  kr_brn,
  kr_driver_license,
  kr_frn,
  kr_passport,
  kr_rrn,
  kz_iin,
  my_nric,
  ph_tin,
  sg_nric_fin,
  sg_uen,
  th_tnin,
  tr_license_plate,
  tr_national_id,
  tw_id,
  // Africa, Oceania.
  ng_nin,
  ng_vehicle_registration,
  za_id_number,
  au_abn,
  au_acn,
  au_medicare,
  au_tfn,
  nz_ird,
};
constexpr std::size_t kinds = static_cast<std::size_t>(kind::nz_ird) + 1;

// "EMAIL_ADDRESS", "US_SSN": the enumerator in capitals.
[[nodiscard]] std::string_view name_of(kind k);

[[nodiscard]] std::optional<kind> kind_named(std::string_view name);

class kind_set {
 public:
  kind_set() = default;
  [[nodiscard]] static kind_set all() {
    kind_set s;
    s.bits_.set();
    return s;
  }
  [[nodiscard]] static kind_set only(kind k) { return kind_set().with(k); }
  // Everything of a fixed form: all but person, location and organization.
  [[nodiscard]] static kind_set structured() {
    return all().without(kind::person).without(kind::location).without(kind::organization);
  }
  [[nodiscard]] kind_set with(kind k) const { return changed(k, true); }
  [[nodiscard]] kind_set without(kind k) const { return changed(k, false); }
  [[nodiscard]] bool has(kind k) const { return bits_.test(static_cast<std::size_t>(k)); }

 private:
  [[nodiscard]] kind_set changed(kind k, bool present) const {
    kind_set s = *this;
    s.bits_.set(static_cast<std::size_t>(k), present);
    return s;
  }
  std::bitset<kinds> bits_;
};

}  // namespace agon::pii
