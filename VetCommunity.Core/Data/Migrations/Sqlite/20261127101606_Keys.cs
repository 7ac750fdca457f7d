using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VetCommunity.Core.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Keys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_AspNetUserPasskeys_Members_UserId",
                table: "AspNetUserPasskeys");

            migrationBuilder.DropPrimaryKey(
                name: "PK_AspNetUserPasskeys",
                table: "AspNetUserPasskeys");

            migrationBuilder.RenameTable(
                name: "AspNetUserPasskeys",
                newName: "MemberPasskeys");

            migrationBuilder.RenameIndex(
                name: "IX_AspNetUserPasskeys_UserId",
                table: "MemberPasskeys",
                newName: "IX_MemberPasskeys_UserId");

            migrationBuilder.AddColumn<bool>(
                name: "ByPasskey",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddPrimaryKey(
                name: "PK_MemberPasskeys",
                table: "MemberPasskeys",
                column: "CredentialId");

            migrationBuilder.CreateTable(
                name: "Passkeys",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "BLOB", maxLength: 1023, nullable: false),
                    MemberId = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Passkeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_Passkeys_MemberPasskeys_CredentialId",
                        column: x => x.CredentialId,
                        principalTable: "MemberPasskeys",
                        principalColumn: "CredentialId",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SpentQuestions",
                columns: table => new
                {
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SpentQuestions", x => x.Hash);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Passkeys_MemberId",
                table: "Passkeys",
                column: "MemberId");

            migrationBuilder.AddForeignKey(
                name: "FK_MemberPasskeys_Members_UserId",
                table: "MemberPasskeys",
                column: "UserId",
                principalTable: "Members",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_MemberPasskeys_Members_UserId",
                table: "MemberPasskeys");

            migrationBuilder.DropTable(
                name: "Passkeys");

            migrationBuilder.DropTable(
                name: "SpentQuestions");

            migrationBuilder.DropPrimaryKey(
                name: "PK_MemberPasskeys",
                table: "MemberPasskeys");

            migrationBuilder.DropColumn(
                name: "ByPasskey",
                table: "Sessions");

            migrationBuilder.RenameTable(
                name: "MemberPasskeys",
                newName: "AspNetUserPasskeys");

            migrationBuilder.RenameIndex(
                name: "IX_MemberPasskeys_UserId",
                table: "AspNetUserPasskeys",
                newName: "IX_AspNetUserPasskeys_UserId");

            migrationBuilder.AddPrimaryKey(
                name: "PK_AspNetUserPasskeys",
                table: "AspNetUserPasskeys",
                column: "CredentialId");

            migrationBuilder.AddForeignKey(
                name: "FK_AspNetUserPasskeys_Members_UserId",
                table: "AspNetUserPasskeys",
                column: "UserId",
                principalTable: "Members",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
        }
    }
}
