using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;
using Xunit;

namespace VetCommunity.Tests.Members;

public sealed class RefusingStolenPasswords : IDisposable
{
    readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [SuppressMessage("Security", "CA5350", Justification = "The form of the lists")]
    static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

    static string ListOf(IEnumerable<string> hashes, string end = "\n") =>
        string.Concat(hashes.Order(StringComparer.Ordinal).Select((hash, index) => hash + ":" + ((index * 7919) + 1).ToString(CultureInfo.InvariantCulture) + end));

    [Fact]
    public void The_list_that_comes_along_holds_the_common_words_and_is_sorted()
    {
        using var stream = typeof(BreachedPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        var shipped = reader.ReadToEnd();

        Assert.Equal(string.Concat(CommonPasswords.All.Select(HashOf).Order(StringComparer.Ordinal).Select(hash => hash + ":1\n")), shipped);
        Assert.All(CommonPasswords.All, password => Assert.True(BreachedPasswords.Shipped.Contains(password), password));
        Assert.True(BreachedPasswords.Shipped.Contains("Sommer2026!"));
        Assert.False(BreachedPasswords.Shipped.Contains("a quiet morning"));
    }

    [Fact]
    public void Halving_finds_each_line_and_no_other() =>
        Gen.Select(Gen.Int[0, 40].HashSet[0, 30], Gen.Bool).Sample((numbers, ends) =>
        {
            static string Hash(int number) => HashOf(number.ToString(CultureInfo.InvariantCulture));
            var list = Encoding.ASCII.GetBytes(ListOf(numbers.Select(Hash), ends ? "\r\n" : "\n"));
            return Enumerable.Range(0, 42).All(number => BreachedPasswords.IsIn(list, Hash(number)) == numbers.Contains(number));
        });

    [Promise("AU1")]
    [Theory]
    [OnBothDatabases]
    public async Task A_stolen_password_is_refused_wherever_one_is_chosen(Database database)
    {
        await File.WriteAllTextAsync(_file, ListOf([HashOf("Correct Horse Battery"), HashOf("something else entirely"), HashOf("a third one of them")]), TestContext.Current.CancellationToken);
        using var stolen = BreachedPasswords.Open(_file);
        await using var accounts = await AccountsWorld.OpenAsync(database, stolen);
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        var code = await accounts.CodeAsync();

        Assert.Equal(Refusal.PasswordTooCommon, await World.RefusalOfAsync(() =>
            accounts.Registration.RegisterAsync(Actor.Visitor, new("dora@example.org", "Dora", "Correct Horse Battery", "en"))));
        Assert.Equal(Refusal.PasswordTooCommon, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, code, "Correct Horse Battery")));
        Assert.Equal(Refusal.PasswordTooCommon, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, code, "Benvenuto2026")));
        await accounts.Passwords.ResetAsync(Actor.Visitor, code, "a quiet morning");
        Assert.Equal(Refusal.PasswordTooCommon, await World.RefusalOfAsync(async () => await accounts.Passwords.ChangeAsync(accounts.World.Bruno, await accounts.ProofAsync(accounts.World.Bruno), "a quiet morning", "a third one of them")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\n")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:1\n0000000000000000000000000000000000000000:1\n0000000000000000000000000000000000000000:1\n")]
    public async Task A_file_that_is_no_such_list_is_refused_at_the_start(string content)
    {
        await File.WriteAllTextAsync(_file, content, TestContext.Current.CancellationToken);

        Assert.Contains("Passwords:BreachedFile", Assert.Throws<OperationFailedException>(() => BreachedPasswords.Open(_file)).Message, StringComparison.Ordinal);
        Assert.Throws<OperationFailedException>(() => BreachedPasswords.Open(_file + ".not"));
    }
}
