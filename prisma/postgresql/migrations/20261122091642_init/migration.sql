-- CreateEnum
CREATE TYPE "LearnerKind" AS ENUM ('guest', 'account');

-- CreateEnum
CREATE TYPE "TeamRole" AS ENUM ('manager', 'member');

-- CreateTable
CREATE TABLE "Learner" (
    "id" TEXT NOT NULL,
    "kind" "LearnerKind" NOT NULL,
    "email" TEXT,
    "name" TEXT,
    "passwordHash" TEXT,
    "sessionVersion" INTEGER NOT NULL DEFAULT 1,
    "mergedIntoId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Learner_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LessonState" (
    "learnerId" TEXT NOT NULL,
    "lessonId" TEXT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "completedAt" TIMESTAMP(3),
    "position" JSONB,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "confidence" INTEGER,
    "ratedAt" TIMESTAMP(3),

    CONSTRAINT "LessonState_pkey" PRIMARY KEY ("learnerId","lessonId")
);

-- CreateTable
CREATE TABLE "QuizAttempt" (
    "id" TEXT NOT NULL,
    "learnerId" TEXT NOT NULL,
    "lessonId" TEXT NOT NULL,
    "questionId" TEXT NOT NULL,
    "questionVersion" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "correct" BOOLEAN NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "QuizAttempt_pkey" PRIMARY KEY ("learnerId","id")
);

-- CreateTable
CREATE TABLE "TerminalLog" (
    "id" TEXT NOT NULL,
    "learnerId" TEXT NOT NULL,
    "lessonId" TEXT NOT NULL,
    "terminalId" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "length" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "simVersion" INTEGER NOT NULL,
    "seed" DOUBLE PRECISION NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TerminalLog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TerminalChunk" (
    "eventId" TEXT NOT NULL,
    "logId" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "entries" TEXT NOT NULL,

    CONSTRAINT "TerminalChunk_pkey" PRIMARY KEY ("logId","start")
);

-- CreateTable
CREATE TABLE "Team" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Membership" (
    "teamId" TEXT NOT NULL,
    "learnerId" TEXT NOT NULL,
    "role" "TeamRole" NOT NULL,
    "joinedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Membership_pkey" PRIMARY KEY ("teamId","learnerId")
);

-- CreateTable
CREATE TABLE "Invite" (
    "id" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "role" "TeamRole" NOT NULL DEFAULT 'member',
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "maxUses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "Invite_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Learner_email_key" ON "Learner"("email");

-- CreateIndex
CREATE INDEX "Learner_mergedIntoId_idx" ON "Learner"("mergedIntoId");

-- CreateIndex
CREATE INDEX "LessonState_lessonId_idx" ON "LessonState"("lessonId");

-- CreateIndex
CREATE INDEX "QuizAttempt_learnerId_lessonId_questionId_idx" ON "QuizAttempt"("learnerId", "lessonId", "questionId");

-- CreateIndex
CREATE UNIQUE INDEX "TerminalLog_learnerId_lessonId_terminalId_branch_key" ON "TerminalLog"("learnerId", "lessonId", "terminalId", "branch");

-- CreateIndex
CREATE UNIQUE INDEX "TerminalChunk_logId_eventId_key" ON "TerminalChunk"("logId", "eventId");

-- CreateIndex
CREATE INDEX "Membership_learnerId_idx" ON "Membership"("learnerId");

-- CreateIndex
CREATE UNIQUE INDEX "Invite_tokenHash_key" ON "Invite"("tokenHash");

-- CreateIndex
CREATE INDEX "Invite_teamId_idx" ON "Invite"("teamId");

-- AddForeignKey
ALTER TABLE "Learner" ADD CONSTRAINT "Learner_mergedIntoId_fkey" FOREIGN KEY ("mergedIntoId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LessonState" ADD CONSTRAINT "LessonState_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "QuizAttempt" ADD CONSTRAINT "QuizAttempt_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TerminalLog" ADD CONSTRAINT "TerminalLog_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TerminalChunk" ADD CONSTRAINT "TerminalChunk_logId_fkey" FOREIGN KEY ("logId") REFERENCES "TerminalLog"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invite" ADD CONSTRAINT "Invite_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "Learner"("id") ON DELETE SET NULL ON UPDATE CASCADE;
