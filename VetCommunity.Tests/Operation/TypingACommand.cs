using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class TypingACommand
{
    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("import", "import")]
    [InlineData("import choir", "import choir")]
    [InlineData("import room welcome", "import room takes")]
    [InlineData("import room welcome --fast", "import room takes")]
    [InlineData("user create a@demo.example", "user create takes")]
    [InlineData("user reset-factors", "user reset-factors takes")]
    [InlineData("user create a@demo.example --role king", "Unknown role king")]
    [InlineData("user create a@demo.example --role member --quietly", "user create takes")]
    [InlineData("token create", "token create takes")]
    [InlineData("token create --all", "token create takes")]
    [InlineData("backup", "backup takes")]
    [InlineData("backup one.zip two.zip", "backup takes")]
    [InlineData("restore --force", "restore takes")]
    [InlineData("doctor --all", "doctor takes")]
    [InlineData("backup ", "is empty")]
    [InlineData("user create  --role member", "is empty")]
    [InlineData("--nonsense", "Unknown option: --nonsense")]
    [InlineData("--urls=http://localhost:0 --nonsense=3", "--nonsense=3")]
    public async Task What_nobody_knows_is_named_and_the_usage_is_shown(string line, string sentence)
    {
        await using var community = new RunningCommunity();

        var outcome = await community.RunAsync(line.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Errors.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("Usage:", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
        Assert.False(Directory.Exists(community.DataFolder));
    }

    [Theory]
    [InlineData("import room welcome no-such-file.jsonl", "There is no file")]
    [InlineData("user create nobody --role member", "is not an e-mail address")]
    [InlineData("token create nobody@nowhere.example", "There is no account for nobody@nowhere.example")]
    public async Task What_cannot_be_done_is_said_in_a_sentence(string line, string sentence)
    {
        await using var community = new RunningCommunity();
        (await community.RunAsync(line.Split(' '))).AssertRefused(sentence);
    }

    [Theory]
    [InlineData("Database__Provider", "Oracle", "must be Sqlite or Postgres")]
    [InlineData("Pdf__Chromium", "/nowhere/chromium", "Pdf:Chromium is /nowhere/chromium, and there is no such program.")]
    [InlineData("Pdf__Poppler", "/nowhere", "Pdf:Poppler is /nowhere, and the programs pdfinfo, pdftoppm, pdftotext are not there.")]
    [InlineData("Database__Provider", "Postgres", "ConnectionStrings:Community is missing")]
    [InlineData("Demo__Seed", "perhaps", "Demo:Seed is perhaps; it must be true or false")]
    [InlineData("RateLimits__Enabled", "perhaps", "RateLimits:Enabled is perhaps; it must be true or false")]
    [InlineData("Backup__Every", "daily", "Backup:Every is daily; it must be a number")]
    [InlineData("Backup__Every", "721", "Make backups more often, or keep them longer")]
    [InlineData("Backup__Keep", "0", "Backup:Keep is 0; it must be a number from 1 on")]
    [InlineData("Limits__SearchesAtOnce", "0", "Limits:SearchesAtOnce is 0; it must be a number from 1 to 1000000.")]
    [InlineData("Content__Origin", "banana", "Content:Origin is banana; it must be an address such as")]
    [InlineData("Urls", "banana", "Urls is banana")]
    [InlineData("Urls", "http://localhost:99999", "Urls is http://localhost:99999")]
    public async Task A_setting_that_makes_no_sense_is_named(string key, string value, string sentence)
    {
        await using var community = new RunningCommunity();
        community.Settings[key] = value;
        (await community.RunAsync()).AssertRefused(sentence);
    }

    [Theory]
    [InlineData("banana", "cannot be read")]
    [InlineData("Host=127.0.0.1;Port=1;Username=vet;Database=vet;Timeout=5", "of the PostgreSQL server cannot be used")]
    public async Task A_database_server_that_is_not_there_is_named(string connection, string sentence)
    {
        await using var community = new RunningCommunity();
        community.Settings["Database__Provider"] = "Postgres";
        community.Settings["ConnectionStrings__Community"] = connection;
        (await community.RunAsync()).AssertRefused(sentence);
    }

    [Fact]
    public async Task Help_is_no_mistake()
    {
        await using var community = new RunningCommunity();
        Assert.Contains("import room", await community.VerbAsync("--help"), StringComparison.Ordinal);
    }
}
