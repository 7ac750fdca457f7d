using System.Globalization;

namespace VetCommunity.Tests.Members;

/// <summary>What <c>common-passwords.txt</c> holds the hashes of: words that people of the field try, with what they put behind them to make them long enough.</summary>
static class CommonPasswords
{
    const string Words = """
        password passwort passwoord contraseña contrasena contrasenya parolachiave parola lamiapassword kodikos κωδικός κωδικος clave mipassword
        welcome willkommen benvenuto benvenuta bienvenido bienvenida benvingut benvinguda kalosirthes kalimera hola ciao hallo hello
        administrator admin administrador amministratore verwaltung moderator moderador counsellor berater consulente orientador teacher trainer lehrer formatore formador
        school schule berufsschule scuola escuela escola scholeio ausbildung formazione formacion formacio ekpaidefsi training apprentice lehrling apprendista aprendiz aprenent
        vetcommunity community comunidad comunita comunitat gemeinschaft erasmus erasmusplus europa europe vocational professional
        carpenter tischler falegname carpintero fuster electrician elektriker elettricista electricista welding schweissen saldatura soldadura
        spring summer autumn winter frühling fruehling sommer herbst primavera estate autunno inverno verano otoño otono invierno estiu tardor hivern
        january february september october november december januar februar oktober dezember gennaio febbraio settembre ottobre novembre dicembre enero febrero septiembre octubre noviembre diciembre
        monday montag lunedi lunes dilluns football fussball calcio futbol juventus barcelona realmadrid bayern olympiakos sunshine princess dragon iloveyou letmein changeme trustno qwerty qwertz
        qwertyuiop qwertzuiop asdfghjkl abcdef abcdefgh abcdefghij secret geheim segreto secreto internet computer
        """;

    const string Whole = """
        0123456789 1234567890 12345678910 123456789a 1234512345 1231231231 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 9876543210 0987654321 1122334455 1223334444 abc1234567 abcd123456 a123456789
        aa12345678 passw0rd123 passw0rd12 p@ssw0rd123 p@ssword123 p@ssw0rd!! password!! qwerty1234! 1qazxsw23edc zaq12wsxcde3 qazwsxedcrfv asdfasdfasdf qwerqwerqwer passpasspass testtesttest
        test123456 testing123 demo123456 guest12345 user123456 root123456 master1234 superman12 batman1234 michael123 monkey1234 shadow1234 starwars12 whatever12 charlie123 freedom123
        """;

    static readonly string[] Ends =
    [
        "", "1", "12", "123", "1234", "12345", "123456", "!", "!!", "1!", "123!", ".", "01", "007",
        .. Enumerable.Range(2015, 16).SelectMany(year => (string[])[year.ToString(CultureInfo.InvariantCulture), FormattableString.Invariant($"{year}!")]),
    ];

    /// <summary>All of them, in small letters and long enough to be refused for nothing else.</summary>
    public static IEnumerable<string> All { get; } =
    [
        .. Of(Words).SelectMany(word => Ends.Select(end => word + end)).Concat(Of(Whole)).Where(password => password.Length >= Core.Members.Accounts.PasswordLength)
            .Distinct(StringComparer.Ordinal),
    ];

    static string[] Of(string words) => words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
