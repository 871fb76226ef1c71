#include "privacy/pii/context_words.hpp"

#include <algorithm>

#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/pattern_automaton.hpp"

namespace agon::pii {
namespace {

// Without accents, as folded text has them; English, German, French, Spanish, Italian,
// Portuguese, Dutch first, then what the national numbers of other countries are called.
struct topic_words {
  topic about;
  std::string_view words;  // separated by '|'
};

constexpr topic_words word_lists[] = {
    {topic::phone,
     "answering|appelez|call|called|calling|cell|cellphone|cellular|celular|chiama|contact|dial|"
     "dzwon|extension|fax|festnetz|gsm|handy|home|hotline|joindre|landline|ligue|llama|llamar|mob|"
     "mobil|mobile|mobiltel|movil|office|pager|phone|phoned|phones|portable|puhelin|reach|ring|sms|"
     "tel|telefon|telefone|telefonnr|telefono|telefoon|telephone|tfn|tlf|voicemail|whatsapp|work|"
     "rufnummer|durchwahl|anrufen|telefonnummer|handynummer|mobilnummer|cellulare|telemovel|"
     "telefoonnummer|bel|rappeler|signal"},
    {topic::identity,
     "id number|id no|identity|identification|identifiant|identity card|national id|national "
     "number|"
     "id card|citizen|personal code|personal number|resident|residence|ausweis|personalausweis|"
     "ausweisnummer|carte d'identite|cni|documento|cedula|carnet|dni|nif|nie|cpf|rg|cuil|cuit|rut|"
     "run|curp|codice fiscale|carta d'identita|cartao de cidadao|identiteitskaart|bsn|sofinummer|"
     "burgerservicenummer|rijksregister|rijksregisternummer|registre national|personnummer|"
     "personnr|pnr|samordningsnummer|fodselsnummer|fodselsnr|d-nummer|cpr|cpr-nr|cpr-nummer|"
     "kennitala|hetu|henkilotunnus|isikukood|asmens kodas|personas kods|pesel|rodne cislo|"
     "rodne cislo|cnp|egn|oib|jmbg|emso|maticni broj|amka|kimlik|tckn|tc kimlik|teudat|"
     "teudat zehut|aadhaar|aadhar|uid|voter|epic|nric|fin|mykad|ic number|nik|ktp|thai id|tnin|"
     "hkid|rrn|frn|my number|mynumber|nin|nimc|sa id|rsa id|south african id|refugee|snils|"
     "iin|pps|ppsn|cnic|alien|foreign registration|resident registration"},
    {topic::ssn,
     "ssn|ssns|ss#|social security|social|nino|ni number|national insurance|insurance number|"
     "sozialversicherung|sozialversicherungsnummer|sozialversicherungsausweis|"
     "rentenversicherungsnummer|rvnr|svnr|sv-nummer|ahv|avs|nir|insee|securite sociale|"
     "numero de securite sociale|seguridad social|previdenza|sin|nas|social insurance"},
    {topic::tax,
     "tax|taxes|tax id|taxpayer|tin|itin|ein|vat|vat id|vat number|steuer|steuernummer|steuer-id|"
     "steueridentifikationsnummer|idnr|st.-nr|ust-idnr|ust-id|umsatzsteuer|finanzamt|tva|"
     "numero fiscal|numero fiscale|partita iva|p.iva|iva|contribuinte|nipc|btw|btw-nummer|abn|acn|"
     "tfn|tax file|gst|gstin|pan|pan number|permanent account|ird|inn|rnokpp|rfc|cnpj|nit|bir"},
    {topic::passport,
     "passport|passports|passport number|passport no|travel document|reisepass|pass-nr|passnummer|"
     "passeport|pasaporte|passaporto|passaporte|paspoort|paspoortnummer|pass"},
    {topic::licence,
     "driver license|drivers license|driver's license|driving licence|driving license|"
     "driver's licence|drivers licence|license number|licence number|dl number|dl|licence|license|"
     "fuhrerschein|fuhrerscheinnummer|fahrerlaubnis|permis de conduire|permis|"
     "carnet de conducir|licencia de conducir|licencia|patente|patente di guida|"
     "carta de conducao|cnh|rijbewijs|rijbewijsnummer"},
    {topic::plate,
     "plate|plates|number plate|license plate|licence plate|registration|registration number|reg|"
     "car reg|kennzeichen|nummernschild|immatriculation|plaque|matricula|targa|placa|kenteken|"
     "plaka|plakasi|vehicle|vehicles|car|vin|chassis|fahrgestellnummer"},
    {topic::bank,
     "bank|bank account|account number|account no|acct|routing|routing number|aba|aba number|"
     "sort code|iban|kontonummer|konto|blz|compte|rib|cuenta|conto corrente|conta|rekening|"
     "rekeningnummer|savings|checking|wire"},
    {topic::health,
     "npi|mbi|medicare|medicaid|nhs|patient|provider|prescriber|dea|medical|health|health "
     "insurance|"
     "krankenkasse|krankenversicherung|versichertennummer|kvnr|egk|lanr|arztnummer|bsnr|"
     "betriebsstattennummer|carte vitale|tarjeta sanitaria|tessera sanitaria|zorgverzekering"},
    {topic::company,
     "handelsregister|amtsgericht|uen|company number|company|orgnummer|organisationsnummer|orgnr|"
     "brn|business registration|siren|siret|kvk"},
    {topic::postcode,
     "zip|zip code|zipcode|postcode|post code|postal code|plz|postleitzahl|code postal|"
     "codigo postal|cap|cep|address|anschrift"},
    {topic::birth,
     "born|birth|birthday|birthdate|date of birth|dob|d.o.b|geboren|geburtsdatum|geburtstag|geb|ne "
     "le|"
     "nee le|naissance|date de naissance|nacido|nacida|nacimiento|fecha de nacimiento|nato il|"
     "nata il|nascita|data di nascita|nascido|nascida|nascimento|data de nascimento|geboortedatum"},
    {topic::card,
     "card|cards|credit card|creditcard|debit card|cc|visa|mastercard|amex|maestro|kreditkarte|"
     "kartennummer|carte bancaire|carte de credit|tarjeta|carta di credito|cartao|creditcard"},
    {topic::account_name,
     "twitter|instagram|insta|telegram|discord|tiktok|snapchat|snap|mastodon|bluesky|username|"
     "user name|handle|follow|dm|ig|youtube|reddit|benutzername|identifiant|usuario|utente|"
     "gebruikersnaam"},
    {topic::address,
     "address|addresses|adresse|anschrift|direccion|domicilio|indirizzo|endereco|adres|live at|"
     "lives at|living at|sent to|send to|deliver|delivery|ship|shipping|billing|mail to|move|moved|"
     "wohne|wohnt|habite|vive en|abita|moro|woont|office is at|located at|meet me at|meeting at|"
     "taxi|pick me up"},
    {topic::place,
     "location|coordinates|coords|gps|lat|latitude|lon|lng|long|longitude|position|koordinaten|"
     "coordonnees|coordenadas|coordinate|coordinaten|geo"},
    {topic::secret,
     "password|passwords|passwd|pwd|passphrase|passcode|pin|secret|token|api key|apikey|api_key|"
     "access key|access_key|client secret|client_secret|secret key|secret_key|private key|bearer|"
     "auth|credential|credentials|kennwort|passwort|mot de passe|contrasena|clave|senha|"
     "wachtwoord|parola"},
};

struct vocabulary {
  std::vector<std::string_view> words;
  std::vector<topic> topics;

  vocabulary() {
    for (const topic_words& list : word_lists)
      for (std::size_t begin = 0; begin <= list.words.size();) {
        const std::size_t end = std::min(list.words.find('|', begin), list.words.size());
        if (list.words.substr(begin, end - begin).find('#') == std::string_view::npos) {
          words.push_back(list.words.substr(begin, end - begin));
          topics.push_back(list.about);
        }
        begin = end + 1;
      }
  }
};

}  // namespace

context_words::context_words(std::string_view folded) {
  static const vocabulary known;
  static const pattern_automaton automaton(known.words);
  // Whole words only, with their underscores: "call_count" is an identifier and speaks
  // of no telephone.
  const auto joins = [](char c) { return is_letter(c) || c == '_'; };
  automaton.scan(folded, [&](std::size_t pattern, std::size_t end) {
    const std::size_t begin = end - known.words[pattern].size();
    if (joins(before(folded, begin)) || joins(at(folded, end))) return;
    words_[static_cast<std::size_t>(known.topics[pattern])].push_back({begin, end});
  });
}

bool context_words::near(topic about, std::size_t begin, std::size_t end, std::size_t back,
                         std::size_t ahead) const {
  // In the order of their ends, and so nearly of their beginnings.
  const auto& words = words_[static_cast<std::size_t>(about)];
  const auto next = std::upper_bound(words.begin(), words.end(), begin,
                                     [](std::size_t b, const auto& w) { return b < w.end; });
  if (next != words.begin() && begin - std::prev(next)->end <= back) return true;
  for (auto w = next; w != words.end() && w->begin <= end + ahead; ++w)
    if (w->begin >= end) return true;
  return false;
}

}  // namespace agon::pii
